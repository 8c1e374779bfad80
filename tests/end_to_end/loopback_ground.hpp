#pragma once
// All hosts on the loopback interface. On request every two have a relay of TCP connections between
// them, which delays and cuts but loses nothing.

#include "tests/end_to_end/ground.hpp"
#include "tests/support/relay.hpp"
#include "tools/bench/authors/committee_file.hpp"

#include <fstream>
#include <map>

namespace end_to_end {

class loopback_ground : public ground {
public:
  loopback_ground(std::vector<std::string> hosts, bool relayed)
      : hosts_(std::move(hosts)), relayed_(relayed) {
    const auto n = hosts_.size();
    // All at once, so that no two are the same.
    ports_ = datagen::bench::free_ports(2 * n + (relayed ? n * (n - 1) : 0));
    for (const auto& x : hosts_)
      places_[x] = {"127.0.0.1", next_port(), next_port()};
  }
  const place& place_of(const std::string& host) const override { return places_.at(host); }
  /// For the viewer, every other host has the address of a relay.
  void lay_out(const std::string& viewer, const std::filesystem::path& roster) override {
    if (!relayed_)
      return;
    auto text = datagen::test_support::read_all(roster);
    for (const auto& x : hosts_) {
      const auto real = "\"" + places_.at(x).link() + "\"";
      const auto at = text.find(real);
      if (x == viewer || at == std::string::npos)
        continue;
      const auto relay = next_port();
      relays_.add(relay, places_.at(x).link_port, wire_of(viewer, x));
      text.replace(at, real.size(), "\"127.0.0.1:" + std::to_string(relay) + "\"");
    }
    std::ofstream{roster} << text;
  }
  /// After a cut, connections of before are gone and new ones come through.
  void set(const std::string& a, const std::string& b, const packet_path& path) override {
    const auto wire = wire_of(a, b);
    if (wire->frozen && !path.cut)
      relays_.reset(wire);
    wire->delay_ms = static_cast<std::uint32_t>(path.delay / std::chrono::milliseconds{1});
    wire->frozen = path.cut;
  }
  void at(const std::string&, const std::function<void()>& what) override { what(); }
  std::unique_ptr<background_process> start(const std::string&, const std::string& program,
                                            std::vector<std::string> arguments) override {
    return std::make_unique<background_process>(program, arguments);
  }
  std::string described() const override { return "processes on the loopback interface, no loss"; }

private:
  std::uint16_t next_port() {
    const auto result = ports_.back();
    ports_.pop_back();
    return result;
  }
  std::shared_ptr<datagen::test_support::wire> wire_of(const std::string& a, const std::string& b) {
    auto& result = wires_[std::minmax(a, b)];
    if (!result)
      result = std::make_shared<datagen::test_support::wire>();
    return result;
  }

  std::vector<std::string> hosts_;
  bool relayed_;
  std::vector<std::uint16_t> ports_;  ///< Free ones, not given away yet.
  std::map<std::string, place> places_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<datagen::test_support::wire>>
    wires_;
  datagen::test_support::relays relays_;
};

}  // namespace end_to_end
