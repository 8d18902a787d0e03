// Streamwork, all of it: start here.
//
//   #include <streamwork/streamwork.hpp>
//   namespace sw = streamwork;
//
// A job is written with `Job` (job.hpp) and its streams (stream.hpp), and run with `run` or `start` (run.hpp). Include
// single headers instead where compile time matters; README.md has one line on each.
// Thread rule: each header has its own.
#pragma once

#include <streamwork/async.hpp>
#include <streamwork/bad_event.hpp>
#include <streamwork/clock.hpp>
#include <streamwork/command_line.hpp>
#include <streamwork/connect.hpp>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/file_lines.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/connectors/stdin_lines.hpp>
#include <streamwork/connectors/tcp_lines.hpp>
#include <streamwork/connectors/tcp_sinks.hpp>
#include <streamwork/connectors/text_sinks.hpp>
#include <streamwork/console.hpp>
#include <streamwork/csv.hpp>
#include <streamwork/errors.hpp>
#include <streamwork/experiment.hpp>
#include <streamwork/hash.hpp>
#include <streamwork/job.hpp>
#include <streamwork/join.hpp>
#include <streamwork/json.hpp>
#include <streamwork/line.hpp>
#include <streamwork/metrics.hpp>
#include <streamwork/migrations.hpp>
#include <streamwork/operator.hpp>
#include <streamwork/overload.hpp>
#include <streamwork/run.hpp>
#include <streamwork/sink.hpp>
#include <streamwork/source.hpp>
#include <streamwork/table.hpp>
#include <streamwork/time.hpp>
#include <streamwork/windowed_stream.hpp>
