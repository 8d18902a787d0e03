#include <stdexcept>
#include <streamwork/typed/saved_entries.hpp>

namespace streamwork::typed {

std::unique_ptr<ValueReader> entry_reader(const StoredFrame& frame, const ValueCodec& codec) {
  const std::vector<EntryPart> written = read_entry_schema(frame.schema);
  if (written.size() != 1) throw std::runtime_error("entries of one part have " + std::to_string(written.size()));
  return codec.reader(written.front().schema);
}

void save_numbers(SnapshotTarget& target, const VertexInstance& vertex, const char* kind,
                  const std::vector<std::uint64_t>& numbers) {
  save_entries<std::uint64_t>(target, vertex, kind, numbers);
}

std::vector<std::uint64_t> read_numbers(const RestoredState& restored, const std::string& vertex, const char* kind) {
  std::vector<std::uint64_t> numbers;
  for (const auto& [instance, number] : saved_entries<std::uint64_t>(restored, vertex, kind)) numbers.push_back(number);
  return numbers;
}

}  // namespace streamwork::typed
