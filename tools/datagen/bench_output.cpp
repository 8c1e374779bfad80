#include "tools/datagen/bench_output.hpp"

#include <cstdlib>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace datagen::tools {

namespace {

/// A fresh directory below the system's, removed with everything in it.
class scratch_directory {
public:
  scratch_directory() {
    auto name = (std::filesystem::temp_directory_path() / "datagen-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr)
      path_ = name;
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;
  ~scratch_directory() {
    std::error_code ignored;
    if (!path_.empty())
      std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

private:
  std::string path_;
};

}  // namespace

exit_code in_directory(const std::string& data_dir,
                       const std::function<exit_code(const std::string& scratch)>& measure) {
  const scratch_directory scratch;
  std::error_code error;
  if (!data_dir.empty())
    std::filesystem::create_directories(data_dir, error);
  if (error || scratch.path().empty())
    return fail(exit_no_data_directory,
                "cannot create " + (error ? data_dir : std::string{"a temporary directory"}));
  return measure(scratch.path());
}

std::string number(double x, int digits) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(digits) << x;
  return out.str();
}

void print_line(const std::string& title, const std::vector<std::string>& columns) {
  std::cout << std::left << std::setw(38) << title << std::right;
  for (const auto& x : columns)
    std::cout << std::setw(10) << x;
  std::cout << '\n';
}

}  // namespace datagen::tools
