#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/connectors/text_sinks.hpp>
#include <streamwork/errors.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>
#include <vector>

#include "kit/sink_driver.hpp"
#include "kit/thrown.hpp"

namespace streamwork {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MemoryFileSystem;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testkit::DrivenSink;
using testkit::message_of;
using Sink = TextSink<LineFormat>;

/// A directory in memory, and sinks that write to it.
struct Directory {
  std::shared_ptr<MemoryFileSystem> files = std::make_shared<MemoryFileSystem>();
  std::string path = "above/out";
  std::shared_ptr<std::uint64_t> attempts = std::make_shared<std::uint64_t>(0);
  std::shared_ptr<SharedLocks> locks = std::make_shared<SharedLocks>();  ///< of one job, through all its starts

  DrivenSink<Sink> start(SinkRequest request = {}) const {
    if (request.vertex.empty()) request.vertex = "rows";
    if (request.attempt == 0) request.attempt = ++*attempts;
    request.locks = locks;
    return {write_lines("dir:" + path, {files}), request};
  }
  DrivenSink<Sink> go_on(SinkRequest request = {}) const {
    request.restored = true;
    return start(std::move(request));
  }
  /// Without that of the lock.
  std::vector<std::string> names() const {
    std::vector<std::string> names = files->list(path);
    std::erase(names, ".lock");
    return names;
  }
  std::vector<std::string> published() const {
    std::vector<std::string> contents;
    for (const std::string& name : names()) {
      if (!name.starts_with('.')) contents.push_back(files->content(path + "/" + name));
    }
    std::ranges::sort(contents);
    return contents;
  }
};

/// Writes a line and prepares it, durable.
TextPart prepared(DrivenSink<Sink>& sink, const std::string& line, std::uint64_t checkpoint, std::size_t instance = 0) {
  sink.write(line, instance);
  sink.flush(instance);
  const Prepared<TextPart> part = sink[instance].prepare_commit(checkpoint);
  part.make_durable();
  return part.transaction.value();
}
TextPart committed(DrivenSink<Sink>& sink, const std::string& line, std::uint64_t checkpoint) {
  const TextPart part = prepared(sink, line, checkpoint);
  sink[0].commit(part);
  return part;
}

TEST(DirectorySink, ShowsAPartUnderItsFinalNameWhenItIsCommitted) {
  const Directory directory;
  auto sink = directory.start({.vertex = "my rows", .parallelism = 2, .attempt = 0xAB});
  EXPECT_TRUE(sink[0].transactional());
  const TextPart part = prepared(sink, "one", 7, 1);
  EXPECT_THAT(directory.names(), AllOf(SizeIs(1), Each(StartsWith("."))));
  sink[0].commit(part);
  EXPECT_THAT(directory.names(), ElementsAre("my%20rows.000007.00000000000000ab.1.part"));
  EXPECT_THAT(directory.published(), ElementsAre("one\n"));
  sink[0].commit(part);  // after a restart it may be done again
  EXPECT_THAT(directory.published(), ElementsAre("one\n"));
}

TEST(DirectorySink, HasNothingToCommitWhereNothingWasWritten) {
  const Directory directory;
  auto sink = directory.start();
  EXPECT_FALSE(sink[0].prepare_commit(1).transaction);
  EXPECT_THAT(directory.names(), IsEmpty());
}

TEST(DirectorySink, LosesNothingThatIsPreparedOrCommittedInAPowerFailure_F15) {
  const Directory directory;
  auto sink = directory.start();
  const TextPart first = prepared(sink, "one", 1);
  sink.write("unprepared");
  sink.flush();
  directory.files->lose_unsynced();
  sink[0].commit(first);
  directory.files->lose_unsynced();
  EXPECT_THAT(directory.published(), ElementsAre("one\n"));
}

TEST(DirectorySink, RecoversWhatTheCheckpointSaysAndRemovesWhatIsNewer_F15) {
  const Directory directory;
  directory.files->write(directory.path + "/notes.txt", "of the user");
  directory.files->write(directory.path + "/.rows.hidden", "of the user");
  auto sink = directory.start({.parallelism = 2});
  auto other = directory.go_on({.vertex = "others"});
  committed(sink, "old", 3);
  const TextPart listed = prepared(sink, "listed", 4, 1);
  committed(sink, "newer", 5);
  committed(other, "of another sink", 5);
  prepared(sink, "newest", 6);
  prepared(other, "prepared by another sink", 6);
  sink.write("unprepared");
  sink.flush();

  auto next = directory.go_on();
  next[0].recover(4, {listed});
  directory.files->lose_unsynced();
  EXPECT_THAT(directory.published(), ElementsAre("listed\n", "of another sink\n", "of the user", "old\n"));
  EXPECT_THAT(directory.names(), SizeIs(6)) << "what the other sink prepared, and the user's hidden file";
  next[0].recover(4, {listed});  // a crash may have come in between
  EXPECT_THAT(directory.published(), SizeIs(4));
}

TEST(DirectorySink, RefusesWhatIsNotAsItWasPrepared_F7) {
  const auto damaged = [](const std::function<void(const Directory&, const std::string& path)>& damage) {
    const Directory directory;
    auto sink = directory.start({.parallelism = 2});
    const TextPart whole = prepared(sink, "whole", 4);
    const std::vector<std::string> before = directory.names();
    const TextPart part = prepared(sink, "a line of some length", 4, 1);
    std::vector<std::string> names = directory.names();
    std::erase_if(names, [&](const std::string& name) { return std::ranges::find(before, name) != before.end(); });
    damage(directory, directory.path + "/" + names.front());
    auto next = directory.go_on();
    const std::string message = message_of([&] { next[0].recover(4, {whole, part}); });
    EXPECT_THROW(next[0].recover(4, {whole, part}), DamagedResults);
    EXPECT_THAT(message, HasSubstr(names.front()));
    EXPECT_THAT(directory.published(), IsEmpty()) << "all of a sink's results are looked at before one is published";
    return message;
  };
  const auto rewrite = [](auto change) {
    return [change](const Directory& directory, const std::string& path) {
      std::string content = directory.files->content(path);
      change(content);
      directory.files->write(path, content);
    };
  };
  EXPECT_THAT(damaged(rewrite([](std::string& content) { content.resize(content.size() / 2); })),
              HasSubstr("it has 11 bytes, and 22 were written"));
  EXPECT_THAT(damaged(rewrite([](std::string& content) { content += "another line\n"; })), HasSubstr("35 bytes"));
  EXPECT_THAT(damaged(rewrite([](std::string& content) { content[3] ^= 1; })), HasSubstr("checksum"));
}

TEST(DirectorySink, KeepsOrRefusesWhatIsNewerWhenItIsToldSo) {
  const Directory directory;
  auto sink = directory.start();
  committed(sink, "old", 3);
  committed(sink, "newer", 5);
  auto keeping = directory.go_on({.later_results = LaterResults::keep});
  keeping[0].recover(4, {});
  EXPECT_THAT(directory.published(), ElementsAre("newer\n", "old\n"));
  auto refusing = directory.go_on({.later_results = LaterResults::refuse});
  EXPECT_THAT(message_of([&] { refusing[0].recover(4, {}); }),
              AllOf(HasSubstr("'above/out' holds results up to checkpoint 5, such as 'rows.000005."),
                    HasSubstr("go on from checkpoint 4"), HasSubstr("--overwrite-output")));
  EXPECT_THAT(directory.published(), SizeIs(2));
  refusing[0].recover(5, {});
}

TEST(DirectorySink, ThatBeginsAnewRefusesResultsOfAnEarlierRunUnlessItMayRemoveThem) {
  const Directory directory;
  directory.files->write(directory.path + "/notes.txt", "of the user");
  auto sink = directory.start({.vertex = "former name"});
  prepared(sink, "prepared", 1);
  auto second = directory.start();  // nothing was published
  EXPECT_THAT(directory.names(), ElementsAre("notes.txt"));
  committed(second, "one", 1);
  EXPECT_THAT(message_of([&] { directory.start({.vertex = "another"}); }),
              AllOf(HasSubstr("'above/out' holds results of an earlier run, such as 'rows.000001."),
                    HasSubstr("--restore latest"), HasSubstr("--overwrite-output")));
  EXPECT_THAT(directory.names(), SizeIs(2));
  directory.start({.vertex = "another", .overwrite_output = true});
  directory.files->lose_unsynced();
  EXPECT_THAT(directory.names(), ElementsAre("notes.txt"));
}

TEST(DirectorySink, MayBeMovedBetweenTwoRuns) {
  Directory directory;
  auto sink = directory.start();
  const TextPart part = prepared(sink, "one", 1);
  Directory moved{directory.files, "elsewhere"};
  for (const std::string& name : directory.names())
    directory.files->rename(directory.path + "/" + name, moved.path + "/" + name);
  moved.go_on()[0].recover(1, {part});
  EXPECT_THAT(moved.published(), ElementsAre("one\n"));
}

TEST(DirectorySink, SaysThatResultsAreMissingAndGoesOn) {
  const Directory directory;
  auto sink = directory.start();
  const TextPart part = committed(sink, "one", 1);
  const Directory elsewhere{directory.files, "elsewhere"};
  std::vector<std::string> notes;
  elsewhere.go_on({.note = [&](const std::string& text) { notes.push_back(text); }})[0].recover(1, {part});
  EXPECT_THAT(notes, ElementsAre(AllOf(HasSubstr("sink 'rows'"), HasSubstr("checkpoint 1 are not in 'elsewhere'"))));
}

TEST(DirectorySink, FailsWhenWhatItPreparedIsGone) {
  const Directory directory;
  auto sink = directory.start();
  const TextPart part = prepared(sink, "one", 1);
  directory.files->remove(directory.path + "/" + directory.names().front());
  EXPECT_THAT(message_of([&] { sink[0].commit(part); }), HasSubstr("somebody has removed results"));
}

TEST(DirectorySink, NeverTrustsAFileAgainThatCouldNotBeSynced) {
  const Directory directory;
  auto sink = directory.start();
  sink.write("one");
  sink.flush();
  const Prepared<TextPart> part = sink[0].prepare_commit(1);
  directory.files->before_each_call([](auto call, const std::string& path) {
    if (call == MemoryFileSystem::Call::sync) throw FileError("sync", path, EIO);
  });
  EXPECT_THAT(message_of(part.make_durable), HasSubstr("cannot sync"));
  directory.files->before_each_call(nullptr);
  EXPECT_THAT(message_of(part.make_durable), HasSubstr("cannot sync"));
}

TEST(DirectorySink, BeginsEveryPartWithTheHeader) {
  const Directory directory;
  struct Count {
    std::string type;
    int count;
  };
  DrivenSink sink(write_csv("dir:" + directory.path, {}, {directory.files}));
  for (const std::uint64_t checkpoint : {1, 2}) {
    sink.write(Count{"car", static_cast<int>(checkpoint)});
    sink.flush();
    const Prepared<TextPart> part = sink[0].prepare_commit(checkpoint);
    part.make_durable();
    sink[0].commit(part.transaction.value());
  }
  EXPECT_THAT(directory.published(), ElementsAre("type,count\ncar,1\n", "type,count\ncar,2\n"));
}

TEST(DirectorySink, WithoutCheckpointsPublishesWhenTheJobEnds) {
  const Directory directory;
  Job job{"numbers"};
  job.source("numbers", from_vector(std::vector{1, 2, 3}))
      .sink("rows", write_json_lines("dir:" + directory.path + "/", {directory.files}));
  EXPECT_EQ(start(job).wait().failure, "");
  EXPECT_THAT(directory.published(), ElementsAre("1\n2\n3\n"));
  EXPECT_THAT(directory.names(), SizeIs(1));
  EXPECT_THAT(message_of([&] { start(job); }), HasSubstr("the directory 'above/out' holds results"));
}

TEST(DirectorySink, IsNoPlaceThatIsAFileOrHasNoName) {
  const Directory directory;
  directory.files->write("file", "content");
  EXPECT_THAT(message_of([&] { DrivenSink(write_lines("dir:file", {directory.files})); }), HasSubstr("'file'"));
  EXPECT_THAT(message_of([&] { DrivenSink(write_lines("dir:", {directory.files})); }), HasSubstr("dir:PATH"));
}

TEST(DirectorySink, KeepsOtherJobsOutUntilItIsGivenBack) {
  const Directory directory;
  Directory of_another_job = directory;
  of_another_job.locks = std::make_shared<SharedLocks>();
  {
    const DrivenSink<Sink> rows = directory.start({.vertex = "rows"});
    const DrivenSink<Sink> late = directory.start({.vertex = "late"});
    EXPECT_THAT(message_of([&] { of_another_job.go_on(); }),
                AllOf(HasSubstr("above/out"), HasSubstr("process " + std::to_string(::getpid()))));
  }
  EXPECT_THAT(directory.files->list(directory.path), IsEmpty()) << "nothing is left of the lock";
  of_another_job.start();
}

TEST(DirectorySink, OnTheMachineIsLockedForOtherProcesses) {
  const std::string path = ::testing::TempDir() + "locked-" + std::to_string(::getpid());
  const auto job = [&] {
    Job written("locked");
    written.source("numbers", generate<int>([](std::uint64_t) { return 1; }, {.rate = 10}))
        .sink("rows", write_json_lines("dir:" + path));
    return written;
  };
  {
    const JobHandle running = start(job());
    EXPECT_THAT(message_of([&] { start(job()); }), HasSubstr("another job (process "));
  }
  EXPECT_EQ(message_of([&] { start(job()); }), "nothing was thrown");
  std::filesystem::remove_all(path);
}

}  // namespace
}  // namespace streamwork
