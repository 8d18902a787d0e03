// How consoles of this machine are found: a small file each, in a folder of the user's own.
//
//   $XDG_RUNTIME_DIR/streamwork/4711-7000.json   or else   /tmp/streamwork-USERID/…
//   {"process_id":4711,"url":"http://127.0.0.1:7000","wants_token":false}
//
// The file goes with the console. One that a killed process left behind is recognised by nobody answering there.
// Thread rule: any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace streamwork::console {

struct Registered {
  std::int64_t process_id = 0;
  std::string url{};
  bool wants_token = false;
};

class Registration {
 public:
  /// A folder that cannot be written is no error: the console is then not listed.
  Registration(const std::string& url, bool wants_token);
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;
  ~Registration();

 private:
  std::string path_;
};

/// Consoles of processes that live, in the order of their addresses. Files of others are removed.
std::vector<Registered> registered_consoles();

}  // namespace streamwork::console
