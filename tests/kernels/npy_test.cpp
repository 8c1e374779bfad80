#include "kernels/npy.hpp"

#include <string>

#include "jobs/npy_file.hpp"
#include "support.hpp"

using namespace datagen::kernels;
using namespace datagen::kernels::testing;

namespace {

bytes with_header(const std::string& dictionary, std::size_t data_bytes = 4) {
  std::string out{"\x93NUMPY\x01\x00", 8};
  out += static_cast<char>(dictionary.size());
  out += '\0';
  bytes file = from_text(out + dictionary);
  file.resize(file.size() + data_bytes);
  return file;
}

std::string refused(const bytes& file) {
  npy_array array;
  const auto bad = read_npy(file, array);
  CHECK(bad.status == DATAGEN_BAD_INPUT);
  return bad.sentence;
}

}  // namespace

TEST_CASE("npy: what numpy.save wrote is read, byte for byte as NumPy 1.24 writes it") {
  // numpy.save(f, numpy.arange(6, dtype='<i2').reshape(2, 3))
  const bytes file = from_hex(
    "934e554d5059010076007b276465736372273a20273c6932272c2027666f727472616e5f6f72646572273a"
    "2046616c73652c20277368617065273a2028322c2033292c207d2020202020202020202020202020202020"
    "20202020202020202020202020202020202020202020202020202020202020202020202020202020200a00"
    "0001000200030004000500");
  npy_array array;
  REQUIRE_FALSE(read_npy(file, array));
  CHECK(array.type == "<i2");
  CHECK(shape_text(array.shape) == "(2, 3)");
  CHECK(hex(array.data) == "000001000200030004000500");
  const bytes header(file.begin(), file.end() - 12);
  CHECK(hex(npy_header("<i2", array.shape)) == hex(header));
}

TEST_CASE("npy: any order of entries and any spaces are one and the same array") {
  for (const char* text : {"{'shape': (1,), 'descr': '<f4', 'fortran_order': False}",
                           "{'descr':'<f4','fortran_order':False,'shape':(1,),}   \n",
                           "{ 'fortran_order' : False , 'descr' : '<f4', 'shape' : ( 1 ) }\n"}) {
    CAPTURE(text);
    npy_array array;
    CHECK_FALSE(read_npy(with_header(text), array));
    CHECK(array.type == "<f4");
    CHECK(array.data.size() == 4);
  }
  npy_array scalar;
  CHECK_FALSE(
    read_npy(with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (), }"), scalar));
  CHECK(scalar.shape.empty());
}

TEST_CASE("npy: each malformed file is refused by what is wrong with it") {
  CHECK(refused({}) ==
        "input is no .npy file: it does not start with \\x93NUMPY, save it with numpy.save");
  bytes later = npy_floats({1}, "(1,)");
  later[6] = 2;
  CHECK(refused(later) == ".npy format is 2.0, expected 1.0");
  CHECK(refused(from_text(std::string{"\x93NUMPY\x01\x00\xff\x00{", 11})) ==
        ".npy header is cut: it needs 255 bytes and 1 are there");
  const auto with = [](const std::string& type, const std::string& order,
                       const std::string& shape) {
    return with_header("{'descr': " + type + ", 'fortran_order': " + order + ", 'shape': " + shape +
                       ", }");
  };
  CHECK(refused(with("'<f4'", "True", "(1,)")) ==
        ".npy array is in Fortran order, expected C order");
  for (const char* type : {"'>f4'", "'|f1'", "'<c8'", "'|O'", "'<f16'", "'f4'", "''"})
    CHECK(refused(with(type, "False", "(1,)"))
            .ends_with("is not one little-endian number such as '<f4'"));
  CHECK(refused(with("'<f4'", "False", "(2,)")) ==
        ".npy data is 4 bytes, but (2,) of '<f4' need 8");
  CHECK(refused(with("'<f4'", "False", "(4294967296, 4294967296, 4294967296)")) ==
        ".npy shape (4294967296, 4294967296, 4294967296) is larger than any input");
  for (const char* shape : {"1", "(1", "(-1,)", "(1, 1, 1, 1, 1, 1, 1, 1, 1)", "(0x1,)", "(,)",
                            "(9999999999999999999,)", "[1]"}) {
    CAPTURE(shape);
    CHECK(refused(with("'<f4'", "False", shape)) ==
          ".npy header is not a dictionary of descr, fortran_order and shape");
  }
  for (const char* text : {"", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'descr': '<f4', }",
                           "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x",
                           "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}"}) {
    CAPTURE(text);
    CHECK(refused(with_header(text)) ==
          ".npy header is not a dictionary of descr, fortran_order and shape");
  }
}

TEST_CASE("npy: what follows the data is refused by the whole-file reader, kept by the other") {
  bytes longer = npy_floats({1, 2}, "(2,)");
  longer.push_back(7);
  CHECK(refused(longer) == ".npy data is followed by 1 more bytes");
  std::span<const std::uint8_t> rest = longer;
  npy_array array;
  CHECK_FALSE(take_npy(rest, array));
  CHECK(array.data.size() == 8);
  CHECK(hex(rest) == "07");
  CHECK_FALSE(starts_with_npy(rest));
}

TEST_CASE("npy: no cut and no flipped byte of a file reads beyond it") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  const bytes whole = npy_floats({1, 2, 3, 4, 5, 6}, "(2, 3)");
  npy_array array;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(read_npy(cut, array));
  }
  for (int i = 0; i < 2000; ++i) {
    bytes changed = whole;
    changed[random.below(changed.size())] = static_cast<std::uint8_t>(random.next());
    if (!read_npy(changed, array)) {
      CHECK(array.data.size() <= whole.size());
      CHECK(array.data.data() + array.data.size() == changed.data() + changed.size());
    }
  }
}
