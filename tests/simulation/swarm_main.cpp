// The long run's engine room: plays seeds and appends what came of them to a file. Started by
// `tests/simulation/run`; by hand it replays one seed: consensus_simulation --seed 17
#include "tests/simulation/swarm.hpp"

#include <cstring>
#include <ctime>
#include <fstream>
#include <iostream>

using namespace datagen::simulation;

namespace {

struct request {
  std::uint64_t first = 1, count = 0, chunk = 100;
  std::size_t n = 0;
  std::uint32_t wave = 0;
  bool twins = false;
  std::string record, commit = "unknown";
};

int usage() {
  std::cerr << "usage: consensus_simulation --seed S [--story swarm|twins] [--n N] [--w W]\n"
               "       consensus_simulation --first S --count C [--story swarm|twins] [--n N] [--w W]\n"
               "                            [--chunk K] [--record FILE --commit ID]\n";
  return 2;
}

/// @returns nothing when an argument is unknown or lacks its value.
std::optional<request> parse(int argc, char** argv) {
  request r;
  if (argc < 3 || argc % 2 == 0)
    return std::nullopt;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i], value = argv[i + 1];
    const auto number = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--seed")
      r.first = number, r.count = 1;
    else if (name == "--first")
      r.first = number;
    else if (name == "--count")
      r.count = number;
    else if (name == "--chunk")
      r.chunk = std::max<std::uint64_t>(number, 1);
    else if (name == "--n")
      r.n = number;
    else if (name == "--w")
      r.wave = static_cast<std::uint32_t>(number);
    else if (name == "--story" && (value == "swarm" || value == "twins"))
      r.twins = value == "twins";
    else if (name == "--record")
      r.record = value;
    else if (name == "--commit")
      r.commit = value;
    else
      return std::nullopt;
  }
  return r.count > 0 ? std::optional{r} : std::nullopt;
}

/// What a range of seeds came to.
struct tally {
  std::map<std::size_t, std::size_t> sizes;
  std::map<std::uint32_t, std::size_t> waves;
  std::map<std::string, std::size_t> faults;
  std::map<verdict, std::size_t> verdicts;
  std::vector<std::uint64_t> failing;
};

template <class Map>
std::string listed(const Map& counts) {
  std::string result;
  for (const auto& [key, count] : counts) {
    std::string name;
    if constexpr (std::is_same_v<std::decay_t<decltype(key)>, std::string>)
      name = key;
    else if constexpr (std::is_same_v<std::decay_t<decltype(key)>, verdict>)
      name = to_text(key);
    else
      name = std::to_string(key);
    result += (result.empty() ? "" : " ") + name + ":" + std::to_string(count);
  }
  return result;
}

void append(const request& r, std::uint64_t first, std::uint64_t last, const tally& t) {
  if (r.record.empty())
    return;
  std::ofstream file{r.record, std::ios::app};
  file << r.commit << '\t' << first << '\t' << last << '\t' << listed(t.sizes) << '\t'
       << listed(t.waves) << '\t' << listed(t.faults) << '\t' << listed(t.verdicts);
  for (const auto seed : t.failing)
    file << (seed == t.failing.front() ? "\tfailing " : ",") << seed;
  file << '\n' << std::flush;
}

bool play_one(const request& r, std::uint64_t seed, tally& t) {
  const auto result = play({seed, r.n, r.wave, r.twins});
  ++t.sizes[result.n];
  ++t.waves[result.wave];
  ++t.verdicts[result.found];
  for (const auto& fault : result.faults)
    ++t.faults[fault];
  const bool passed = result.found == verdict::pass;
  if (!passed)
    t.failing.push_back(seed);
  if (!passed || r.count == 1) {
    std::cout << to_text(result.found) << ": seed " << seed << ", n " << result.n << ", w "
              << result.wave << ", height " << result.height << ", " << result.vertices
              << " vertices, fingerprint " << std::hex << result.fingerprint << std::dec << " ["
              << result.mix << "]\n";
    if (!passed)
      std::cout << "  " << result.why << "\n  replay: consensus_simulation --seed " << seed
                << (r.twins ? " --story twins" : "")
                << (r.n ? " --n " + std::to_string(r.n) : "")
                << (r.wave ? " --w " + std::to_string(r.wave) : "") << std::endl;
  }
  return passed;
}

}  // namespace

int main(int argc, char** argv) {
  const auto r = parse(argc, argv);
  if (!r)
    return usage();
  std::size_t failed = 0;
  const auto started = std::clock();
  const auto end = r->first + r->count;
  for (auto first = r->first; first < end; first += r->chunk) {
    const auto last = std::min(first + r->chunk, end) - 1;
    tally t;
    for (auto seed = first; seed <= last; ++seed)
      failed += !play_one(*r, seed, t);
    append(*r, first, last, t);
  }
  const auto seconds = static_cast<std::uint64_t>((std::clock() - started) / CLOCKS_PER_SEC);
  std::cout << r->count << " seeds, " << failed << " failed, " << seconds << " s of processor time";
  if (seconds > 0)
    std::cout << ", " << r->count * 60 / seconds << " seeds/minute";
  std::cout << "\n";
  return failed ? 1 : 0;
}
