// Standard input and outputs that the program was started without (`>&-`).
// Thread rule: one thread, before anything else has opened a file.
#pragma once

namespace streamwork::job {

/// Fills each of the descriptors 0 to 2 that is closed with one that can be neither read nor written as it should be: the next
/// file, pipe or socket that is opened would become standard output, say, and get the results. Those that are open stay as
/// they are.
void fill_standard_descriptors() noexcept;

}  // namespace streamwork::job
