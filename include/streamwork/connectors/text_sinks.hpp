// Sinks that write events as lines of text, to a file, a directory ("dir:PATH"), standard output ("-"), a pipe or a device.
//
//   counts.sink("print", sw::print_json());                                   {"type":"car","count":3}
//   counts.sink("write", sw::write_json_lines("counts.jsonl"));
//   counts.sink("write", sw::write_json_lines("dir:counts"));                 counts/write.000007.….part, exactly once
//   counts.sink("write", sw::write_csv("counts.csv"));                        type,count / car,3
//   lines.sink("copy", sw::write_lines("-"));
//   counts.sink("write", sw::write_text("/dev/stderr", [](const Count& c) { return c.type + ": " + …; }));
//
// A directory holds every line exactly once, whatever happens to the job or the machine: what the instances write between
// two checkpoints lies in files whose names begin with "." and becomes visible, file by file, under its final name when the
// checkpoint is complete; without checkpoints, when the job ends. Whatever has another name is left alone. If an older
// checkpoint must be used, all files that were published after it are withdrawn. A job that begins anew refuses a directory
// that holds results of an earlier run, unless the user allows it to remove them (--overwrite-output). With at_least_once and
// at_most_once files appear at every barrier, without waiting for the checkpoint, and are not withdrawn. Between two runs
// the directory may be moved; several sinks may share it.
//
// A plain file is emptied when the job begins anew, goes on when the job does, and is written in place; so after a restart it
// may hold a line twice (at least once). All instances write to the same file, whole lines at a time, in no particular order between them; an
// instance's own lines stay in order. Where the reader is slow (a pipe, a terminal), the job is slowed down and nothing
// is lost. Whatever the system refuses (disk full, reader gone) ends the job with a message that names the target and
// the reason. Two sinks may write to one plain file too, or to one pipe lines of up to 4,096 bytes: those do not mix
// either. Thread rule: descriptions; instances belong to their tasks.
#pragma once

#include <concepts>
#include <memory>
#include <streamwork/connectors/text_target.hpp>
#include <streamwork/csv.hpp>
#include <streamwork/file_system.hpp>
#include <streamwork/json.hpp>
#include <streamwork/sink.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace streamwork {

/// Options of everything that writes files.
struct WriteOptions {
  /// Where plain files are; nullptr: on the machine.
  std::shared_ptr<FileSystem> file_system = nullptr;
};

/// A sink that writes each event as a line: `format(std::string& out, const T&)` appends it, without line end. A format
/// with `header<T>()` begins the target with that line, if there is any event.
template <class Format>
class TextSink {
 public:
  TextSink(std::shared_ptr<const TextTarget> target, Format format)
      : output_(std::move(target)), format_(std::move(format)) {}

  void prepare(const SinkRequest& request) { output_.prepare(request); }
  void open(SinkContext& context) { output_.open(context); }

  template <class T>
    requires std::invocable<Format&, std::string&, const T&>
  bool write(const T& event) {
    if constexpr (requires { format_.template header<T>(); }) {
      if (!began_) output_.begin_with(format_.template header<T>());
      began_ = true;
    }
    std::string& buffer = output_.buffer();
    const std::size_t size = buffer.size();
    try {
      format_(buffer, event);
    } catch (...) {
      buffer.resize(size);  // a bad event leaves no half line
      throw;
    }
    return output_.end_line();
  }
  bool flush() { return output_.flush(); }
  bool finish() { return output_.finish(); }
  void close() { output_.close(); }

  // A transactional sink, if the target has parts.

  using Transaction = TextPart;
  bool transactional() const { return output_.has_parts(); }
  Prepared<TextPart> prepare_commit(std::uint64_t checkpoint) {
    began_ = false;
    return output_.end_part(checkpoint);
  }
  void commit(const TextPart& part) { output_.publish(part); }
  void recover(std::uint64_t checkpoint, const std::vector<TextPart>& parts) { output_.recover(checkpoint, parts); }

 private:
  LineOutput output_;
  Format format_;
  bool began_ = false;
};

// --- formats ---------------------------------------------------------------------------------------------------------

/// JSON lines of any event that json.hpp knows.
struct JsonFormat {
  template <class T>
  void operator()(std::string& out, const T& event) const {
    append_json(out, event);
  }
};

/// Events that are text: strings, `Line`s, all that converts to `std::string_view`.
struct LineFormat {
  template <std::convertible_to<std::string_view> T>
  void operator()(std::string& out, const T& event) const {
    out += static_cast<std::string_view>(event);
  }
};

/// CSV lines of any event that csv.hpp knows, below a header line.
struct CsvFormat {
  CsvOptions options;
  template <class T>
  std::string header() const {
    return csv_header<T>(options);
  }
  template <class T>
  void operator()(std::string& out, const T& event) const {
    append_csv(out, event, options);
  }
};

/// Whatever a function makes of an event.
template <class Function>
struct FunctionFormat {
  Function function;
  template <class T>
    requires std::invocable<Function&, const T&>
  void operator()(std::string& out, const T& event) {
    out += function(event);
  }
};

// --- sinks -----------------------------------------------------------------------------------------------------------

/// Writes events as JSON lines to the file at `path`; "-" is standard output.
inline TextSink<JsonFormat> write_json_lines(std::string path, WriteOptions options = {}) {
  return {file_target(std::move(path), std::move(options.file_system)), {}};
}
/// Writes events as JSON lines to standard output.
inline TextSink<JsonFormat> print_json() { return write_json_lines("-"); }

/// Writes events that are text as lines. A line end inside an event makes two lines of it.
inline TextSink<LineFormat> write_lines(std::string path, WriteOptions options = {}) {
  return {file_target(std::move(path), std::move(options.file_system)), {}};
}
/// Writes events that are text to standard output.
inline TextSink<LineFormat> print_lines() { return write_lines("-"); }

/// Writes events as CSV lines; the first line names the cells.
inline TextSink<CsvFormat> write_csv(std::string path, CsvOptions csv = {}, WriteOptions options = {}) {
  return {file_target(std::move(path), std::move(options.file_system)), {csv}};
}

/// Writes what `function(const T&)` returns, a text, as one line per event. Each instance has its own copy of the
/// function.
template <class Function>
TextSink<FunctionFormat<Function>> write_text(std::string path, Function function, WriteOptions options = {}) {
  return {file_target(std::move(path), std::move(options.file_system)), {std::move(function)}};
}

}  // namespace streamwork
