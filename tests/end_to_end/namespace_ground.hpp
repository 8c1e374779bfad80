#pragma once
// Each host in a network namespace of its own, with a relay of packets between all of them. What is
// started there ends with the test, even with one that is killed.

#include "tests/end_to_end/ground.hpp"
#include "tests/support/network_namespace.hpp"
#include "tests/support/packet_relay.hpp"

#include <map>

namespace end_to_end {

class namespace_ground : public ground {
public:
  /// @throws std::system_error where this machine does not allow it
  namespace_ground(const std::vector<std::string>& hosts, std::uint64_t seed) {
    std::vector<datagen::test_support::packet_relay::door> doors;
    for (const auto& x : hosts) {
      const auto address = "10.77.0." + std::to_string(doors.size() + 1);
      auto& one = homes_[x];
      one.number = doors.size();
      one.where = {address, 9470, 8470};
      one.inside = std::make_unique<datagen::test_support::network_namespace>(address);
      doors.push_back({one.inside->tun(), {::inet_addr(address.c_str())}});
    }
    relay_.emplace(std::move(doors), seed);
  }
  const place& place_of(const std::string& host) const override { return homes_.at(host).where; }
  void lay_out(const std::string&, const std::filesystem::path&) override {}
  void set(const std::string& a, const std::string& b, const packet_path& path) override {
    relay_->set(homes_.at(a).number, homes_.at(b).number, path);
  }
  void at(const std::string& host, const std::function<void()>& what) override {
    homes_.at(host).inside->run(what);
  }
  std::unique_ptr<background_process> start(const std::string& host, const std::string& program,
                                            std::vector<std::string> arguments) override {
    // The parent whose death kills it is the namespace's thread.
    arguments.insert(arguments.begin(), {"--pdeathsig", "KILL", "--", program});
    return homes_.at(host).inside->run(
      [&] { return std::make_unique<background_process>("setpriv", arguments); });
  }
  std::string described() const override {
    const auto x = relay_->counts();
    return std::to_string(homes_.size()) +
           " network namespaces, packets: " + std::to_string(x.passed) + " passed, " +
           std::to_string(x.lost) + " lost, " + std::to_string(x.cut) + " cut off, " +
           std::to_string(x.crowded_out) + " crowded out";
  }

private:
  struct home {
    std::size_t number = 0;
    place where;
    std::unique_ptr<datagen::test_support::network_namespace> inside;
  };
  std::map<std::string, home> homes_;
  std::optional<datagen::test_support::packet_relay> relay_;
};

}  // namespace end_to_end
