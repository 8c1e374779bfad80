#include "tools/scenario/behaviour_text.hpp"

#include "tools/scenario/line_reader.hpp"

#include <array>

namespace datagen::scenario {

namespace {

/// Which kinds of parties know how to do it.
struct known_conduct {
  conduct what;
  const char* kinds;
};
constexpr std::array conducts{
  known_conduct{conduct::lie_on_result, "v"}, known_conduct{conduct::collude, "v"},
  known_conduct{conduct::lazy_copy, "v"},     known_conduct{conduct::equivocate, "v"},
  known_conduct{conduct::double_vote, "vh"},  known_conduct{conduct::withhold, "vru"},
  known_conduct{conduct::echo_cheat, "v"},    known_conduct{conduct::forge_user_hash, "u"},
  known_conduct{conduct::bad_input, "u"},     known_conduct{conduct::delay, "vhru"},
  known_conduct{conduct::drop_to, "vhru"},    known_conduct{conduct::garbage_bytes, "vhru"},
  known_conduct{conduct::replay, "vhru"},     known_conduct{conduct::clock_skew, "vhru"},
  known_conduct{conduct::err_on_check, "v"},  known_conduct{conduct::keep_shares, "h"},
  known_conduct{conduct::twin, "vh"},         known_conduct{conduct::self_deal, "u"}};

/// What is no conduct of roles but of the host or of genesis.
constexpr std::string_view crash_loop = "crash-loop";    // every TIME
constexpr std::string_view price_gouge = "price-gouge";  // asks N times what others ask

std::string names_for(char kind) {
  std::string result = "honest";
  for (const auto& x : conducts)
    if (std::string_view{x.kinds}.find(kind) != std::string_view::npos)
      result += std::string{", "} + to_string(x.what);
  if (kind == 'v' || kind == 'h')
    result += std::string{", "} + std::string{crash_loop};
  if (kind == 'v')
    result += std::string{", "} + std::string{price_gouge};
  return result;
}

class behaviour_reader {
public:
  behaviour_reader(const party& who, std::string_view text, position at, script& to)
      : who_(who), line_(text, at, to), to_(to) {}

  void read() {
    const auto expected = "a behaviour";
    const auto name = line_.take(expected);
    if (name.text == crash_loop && (who_.kind == 'v' || who_.kind == 'h'))
      read_crash_loop(name.at);
    else if (name.text == price_gouge && who_.kind == 'v')
      to_.asks[who_.index] = line_.number("how many times the others' price");
    else if (name.text != "honest")
      read_conduct(name);
    line_.end();
  }

private:
  void read_conduct(const word& name) {
    for (const auto& x : conducts)
      if (name.text == to_string(x.what) &&
          std::string_view{x.kinds}.find(who_.kind) != std::string_view::npos)
        return read_details({.what = x.what});
    throw script_failure{name.at, "'" + std::string{name.text} + "' is not built for " +
                                    to_string(who_) + "; it can be " + names_for(who_.kind)};
  }
  void read_details(behaviour x) {
    if (x.what == conduct::delay)
      x.by_ms = static_cast<std::int64_t>(line_.time("delay"));
    if (x.what == conduct::clock_skew) {
      const bool back = line_.take_if("back");
      x.by_ms = static_cast<std::int64_t>(line_.time("clock-skew")) * (back ? -1 : 1);
    }
    if (x.what == conduct::drop_to)
      x.to = [them = line_.list()](const peer& p) {
        const auto owner = party_of(p);
        return owner && them.count(*owner) != 0;
      };
    if (x.what == conduct::collude)
      x.ring = read_ring({who_.index});
    if (x.what == conduct::self_deal)
      x.ring = read_ring({});
    if (x.what == conduct::twin)  // a host that runs twice does so from the start
      return to_.conduct[who_].push_back(std::move(x));
    if (line_.take_if("share"))
      x.share_ppm = read_share();
    if (line_.take_if("from"))
      x.from_ms = line_.time("from");
    to_.conduct[who_].push_back(std::move(x));
  }
  std::set<std::uint32_t> read_ring(std::set<std::uint32_t> ring) {
    for (const auto& x : line_.list())
      if (x.kind == 'v')
        ring.insert(x.index);
    return ring;
  }
  std::uint64_t read_share() {
    const auto* found = line_.peek();
    const auto percent = line_.number("a percentage");
    if (percent > 100)
      line_.fail(*found, "a percentage from 0 to 100");
    return percent * 10'000;
  }
  void read_crash_loop(position at) {
    const auto every = std::max<std::uint64_t>(line_.time("crash-loop"), 1'000);
    for (auto ms = every; ms < to_.stop_ms; ms += every)
      to_.steps.push_back({ms, act::restart{who_}, "crash-loop", at});
    to_.conduct[who_];  // it is not what others are
  }

  party who_;
  line_reader line_;
  script& to_;
};

}  // namespace

void read_behaviour(const party& who, std::string_view text, position at, script& to) {
  behaviour_reader{who, text, at, to}.read();
}

}  // namespace datagen::scenario
