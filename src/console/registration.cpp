#include "console/registration.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <streamwork/json.hpp>
#include <system_error>

namespace streamwork::console {

namespace {

namespace files = std::filesystem;

/// The user's own folder, made if need be; empty if there is none that only this user can write.
std::string registration_folder() {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  const std::string folder = runtime != nullptr && *runtime == '/' ? std::string(runtime) + "/streamwork"
                                                                   : "/tmp/streamwork-" + std::to_string(::getuid());
  ::mkdir(folder.c_str(), 0700);
  struct stat found{};
  // In /tmp anybody could have made it before us.
  const bool own = ::lstat(folder.c_str(), &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == ::getuid() &&
                   (found.st_mode & (S_IWGRP | S_IWOTH)) == 0;
  return own ? folder : std::string();
}

bool lives(std::int64_t process) {
  return process > 0 && (::kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM);
}

}  // namespace

Registration::Registration(const std::string& url, bool wants_token) {
  const std::string folder = registration_folder();
  if (folder.empty()) return;
  path_ = folder + "/" + std::to_string(::getpid()) + "-" + url.substr(url.rfind(':') + 1) + ".json";
  std::ofstream file(path_, std::ios::trunc);
  file << to_json(Registered{::getpid(), url, wants_token}) << "\n";
}

Registration::~Registration() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

std::vector<Registered> registered_consoles() {
  std::vector<Registered> consoles;
  const std::string folder = registration_folder();
  std::error_code error;
  if (folder.empty()) return consoles;
  for (const auto& entry : files::directory_iterator(folder, error)) {
    std::string text;
    std::ifstream file(entry.path());
    std::getline(file, text);
    try {
      Registered found = from_json<Registered>(text);
      if (lives(found.process_id)) {
        consoles.push_back(std::move(found));
      } else {
        files::remove(entry.path(), error);
      }
    } catch (const BadEvent&) {
      // Being written at the moment, or not ours.
    }
  }
  std::ranges::sort(consoles, {}, &Registered::url);
  return consoles;
}

}  // namespace streamwork::console
