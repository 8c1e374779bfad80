#pragma once
// What a waiting person sees on standard error: one line that changes, on a terminal only. Without a
// terminal nothing is drawn, and notes are plain lines.

#include <cstdint>
#include <string>

namespace datagen::tools {

class progress_bar {
public:
  progress_bar();
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;
  ~progress_bar();  ///< Leaves a clean line.

  bool drawn() const { return terminal_; }
  /// Shows `what` with a bar; `total` 0: no bar, only the seconds since `what` began.
  void show(const std::string& what, std::uint64_t done = 0, std::uint64_t total = 0);
  /// A line that stays.
  void note(const std::string& sentence);

  void clear();  ///< Takes the line away.

private:
  bool terminal_;
  bool color_;
  bool on_screen_ = false;
  std::string what_;
  std::uint64_t since_ms_ = 0;
};

}  // namespace datagen::tools
