// libFuzzer's entry points, the same for every target. `TARGET --seeds DIR` writes the seed corpus
// instead of fuzzing.

#include "tests/fuzz/target.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace datagen::fuzz {

void require(bool holds, const char* claim) {
  if (holds)
    return;
  std::fprintf(stderr, "fuzz: does not hold: %s\n", claim);
  std::abort();
}

namespace {

void write_seeds(const std::string& directory) {
  std::size_t number = 0;
  for (const auto& seed : seeds()) {
    std::ofstream file(directory + "/seed-" + std::to_string(number++), std::ios::binary);
    file.write(reinterpret_cast<const char*>(seed.data()),
               static_cast<std::streamsize>(seed.size()));
    if (!file)
      std::exit(74);
  }
}

}  // namespace

}  // namespace datagen::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  datagen::fuzz::check({data, size});
  return 0;
}

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  if (*argc == 3 && std::string{(*argv)[1]} == "--seeds") {
    datagen::fuzz::write_seeds((*argv)[2]);
    std::exit(0);
  }
  return 0;
}
