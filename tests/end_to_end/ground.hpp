#pragma once
// Where the hosts of a network live and what lies between them.

#include "tests/support/packet_paths.hpp"
#include "tests/support/process.hpp"

#include <functional>
#include <memory>

namespace end_to_end {

using datagen::test_support::background_process;
using datagen::test_support::packet_path;

class ground {
public:
  /// How a host is reached.
  struct place {
    std::string address;
    std::uint16_t link_port = 0;
    std::uint16_t api_port = 0;
    std::string link() const { return address + ":" + std::to_string(link_port); }
    std::string api() const { return address + ":" + std::to_string(api_port); }
  };

  virtual ~ground() = default;
  virtual const place& place_of(const std::string& host) const = 0;
  /// @param roster of `viewer`: the file that tells it where the others are
  virtual void lay_out(const std::string& viewer, const std::filesystem::path& roster) = 0;
  virtual void set(const std::string& a, const std::string& b, const packet_path& path) = 0;
  /// Calls `what` at `host` and waits for it.
  virtual void at(const std::string& host, const std::function<void()>& what) = 0;
  virtual std::unique_ptr<background_process> start(const std::string& host,
                                                    const std::string& program,
                                                    std::vector<std::string> arguments) = 0;
  /// What it is, and what became of packets on it so far.
  virtual std::string described() const = 0;
};

}  // namespace end_to_end
