#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "jobs/npy_file.hpp"
#include "support.hpp"

using namespace datagen::kernels::testing;

namespace {

bytes shipped(const std::string& name) {
  std::ifstream file(std::string(DATAGEN_SOURCE_DIR) + "/config/models/" + name, std::ios::binary);
  const bytes out{std::istreambuf_iterator<char>(file), {}};
  REQUIRE_MESSAGE(!out.empty(), name);
  return out;
}

bytes joined(bytes array, const bytes& model) {
  array.insert(array.end(), model.begin(), model.end());
  return array;
}

/// The rows of a `.npy` answer; its header fills 128 bytes.
std::vector<float> answered(const bytes& input, const std::string& params) {
  const auto result = run_cpu("nn.infer", params, input);
  REQUIRE_MESSAGE(result.ok(), result.message);
  std::vector<float> out((result.output.size() - 128) / 4);
  std::memcpy(out.data(), result.output.data() + 128, out.size() * 4);
  return out;
}

std::size_t largest(const std::vector<float>& values, std::size_t row, std::size_t width) {
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(row * width);
  return static_cast<std::size_t>(
    std::max_element(begin, begin + static_cast<std::ptrdiff_t>(width)) - begin);
}

/// A line of text as text.onnx reads it: the last 32 characters, line feed 0, others code - 31.
bytes characters(const std::string& text) {
  std::vector<std::int64_t> out;
  for (char c : text.substr(text.size() - 32))
    out.push_back(c == '\n' ? 0 : c - 31);
  return npy_file("<i8", "(32,)", out.data(), 256);
}

}  // namespace

TEST_CASE("shipped model: digits.onnx reads 352 of 360 held-out images, in f32 and in w8a8") {
  const bytes labels = shipped("digits_labels.npy");
  const bytes input = joined(shipped("digits_held_out.npy"), shipped("digits.onnx"));
  for (const char* params : {"precision=f32", "precision=w8a8"}) {
    CAPTURE(params);
    const auto scores = answered(input, params);
    REQUIRE(scores.size() == 3600);
    int right = 0;
    for (std::size_t row = 0; row < 360; ++row)
      right += largest(scores, row, 10) == labels[128 + row];
    CHECK(right == 352);
  }
}

TEST_CASE("shipped model: the digests of the models and of their answers have not changed") {
  const bytes digits = joined(shipped("digits_held_out.npy"), shipped("digits.onnx"));
  const bytes text = joined(characters("A validator computes the job and "), shipped("text.onnx"));
  CHECK(hex(sha256(shipped("digits.onnx"))) ==
        "c4ddcc3c69dcff6fca5fd327173f30d117ea3467bd9200028b6d39845a360b29");
  CHECK(hex(sha256(shipped("text.onnx"))) ==
        "78fbe7f11cc31f7ee6b7762658146af23a9b7ca218c99a32b89473cbd45ea762");
  CHECK(hex(sha256(run_cpu("nn.infer", "", digits).output)) ==
        "b4953f08d264caf80b3dbd828edb94fcc8d48c4c2640257896d242fb46aeeea8");
  CHECK(hex(sha256(run_cpu("nn.infer", "precision=w8a8", digits).output)) ==
        "69340796eaff37ba5ceb35eeba031f3428015834fb877b06f7f8f9404c8080fe");
  CHECK(hex(sha256(run_cpu("nn.infer", "", text).output)) ==
        "a2383dadb412830ae7c6dc76e274a651c04cd1e184cf92a1c968635137a20050");
  CHECK(hex(sha256(run_cpu("nn.infer", "precision=w8a8", text).output)) ==
        "cf7c0bbfaed3b352554545763eded3a6c65e861c75586cbd82c1489e43ebc453");
}

TEST_CASE(
  "shipped model: text.onnx guesses 21 of 31 next characters, and no row sees what follows") {
  std::string text = "the same bits on every processor";
  const bytes model = shipped("text.onnx");
  const auto scores = answered(joined(characters(text), model), "");
  REQUIRE(scores.size() == 32 * 96);
  int right = 0;
  for (std::size_t row = 0; row < 31; ++row)
    right += static_cast<int>(largest(scores, row, 96)) == text[row + 1] - 31;
  CHECK(right == 21);
  text.back() = '!';
  const auto changed = answered(joined(characters(text), model), "");
  CHECK(std::equal(scores.begin(), scores.end() - 96, changed.begin()));
  CHECK_FALSE(std::equal(scores.end() - 96, scores.end(), changed.end() - 96));
}
