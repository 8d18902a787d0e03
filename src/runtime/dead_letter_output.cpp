#include <streamwork/typed/side_outputs.hpp>

namespace streamwork {

template class Output<DeadLetter>;

namespace typed {

template void describe_event(const DeadLetter& event, std::string& json);
template class Batch<DeadLetter>;
template class BatchOutput<DeadLetter>;
template class SideOutputOf<DeadLetter>;

}  // namespace typed

}  // namespace streamwork
