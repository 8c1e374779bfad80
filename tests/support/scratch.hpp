#pragma once
// Where a test keeps files.

#include <filesystem>
#include <random>
#include <string>

namespace datagen::tests {

/// A directory of its own, gone with the test.
class scratch {
public:
  scratch()
      : path_(std::filesystem::temp_directory_path() /
              ("datagen-chain-" + std::to_string(std::random_device{}()))) {
    std::filesystem::create_directories(path_);
  }
  ~scratch() { std::filesystem::remove_all(path_); }
  std::string text() const { return path_.string(); }
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

}  // namespace datagen::tests
