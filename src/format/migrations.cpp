#include <streamwork/migrations.hpp>
#include <utility>

namespace streamwork {

Migrations::Migrations() = default;
Migrations::Migrations(const Migrations&) = default;
Migrations::Migrations(Migrations&&) noexcept = default;
Migrations& Migrations::operator=(const Migrations&) = default;
Migrations& Migrations::operator=(Migrations&&) noexcept = default;
Migrations::~Migrations() = default;

Migrations& Migrations::renamed(std::string path, std::string name) {
  renamings_.push_back({std::move(path), std::move(name)});
  return *this;
}

Migrations& Migrations::add(typed::Conversion conversion) {
  conversions_.push_back(std::move(conversion));
  return *this;
}

}  // namespace streamwork
