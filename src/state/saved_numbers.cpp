#include <streamwork/typed/saved_entries.hpp>

namespace streamwork::typed {

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
