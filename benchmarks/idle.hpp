// What a job costs that has nothing to do.
#pragma once

#include "report.hpp"

namespace benchmark {

/// Of this process, shared libraries included.
double resident_megabytes();

/// Starts this program anew as `PROGRAM --idle-child SECONDS`, so that neither the memory nor the threads of other rows
/// are counted, and reads what the child found. Throws `std::runtime_error` if that fails.
IdleReport measure_idle(double seconds);

/// The child: runs a job whose next event is due in a hundred seconds, measures itself, prints the result on standard
/// output. Returns the exit code.
int run_idle_child(double seconds);

}  // namespace benchmark
