#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace datagen::kernels::testing {

/// A `.npy` file as numpy.save writes it, apart from the kernels' own writer.
inline std::vector<std::uint8_t> npy_file(const std::string& type, const std::string& shape,
                                          const void* data, std::size_t bytes) {
  std::string text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
  while ((10 + text.size() + 1) % 64 != 0)
    text += ' ';
  text += '\n';
  std::string out{"\x93NUMPY\x01\x00", 8};
  out += static_cast<char>(text.size() % 256);
  out += static_cast<char>(text.size() / 256);
  out += text;
  std::vector<std::uint8_t> file(out.begin(), out.end());
  file.resize(out.size() + bytes);
  if (bytes > 0)
    std::memcpy(file.data() + out.size(), data, bytes);
  return file;
}

/// Rows of f32.
inline std::vector<std::uint8_t> npy_floats(const std::vector<float>& values,
                                            const std::string& shape) {
  return npy_file("<f4", shape, values.data(), values.size() * sizeof(float));
}

}  // namespace datagen::kernels::testing
