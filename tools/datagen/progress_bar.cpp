#include "tools/datagen/progress_bar.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string_view>

namespace datagen::tools {

namespace {

constexpr std::uint64_t bar_width = 32;

std::uint64_t steady_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
    std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

bool set(const char* name) {
  const auto* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool dumb_terminal() {
  const auto* term = std::getenv("TERM");
  return term != nullptr && std::string_view{term} == "dumb";
}

}  // namespace

progress_bar::progress_bar()
    : terminal_(::isatty(STDERR_FILENO) == 1 && !dumb_terminal()), color_(!set("NO_COLOR")) {}

progress_bar::~progress_bar() { clear(); }

void progress_bar::clear() {
  if (on_screen_)
    std::cerr << "\r\033[K" << std::flush;
  on_screen_ = false;
}

void progress_bar::show(const std::string& what, std::uint64_t done, std::uint64_t total) {
  if (!terminal_)
    return;
  if (what != what_) {
    what_ = what;
    since_ms_ = steady_ms();
  }
  std::string line = what;
  if (total > 0) {
    const auto filled = std::min(done, total) * bar_width / total;
    line += " [" + std::string(filled, '#') + std::string(bar_width - filled, '.') + "] " +
            std::to_string(std::min(done, total) * 100 / total) + " %";
  } else {
    const auto tenths = (steady_ms() - since_ms_) / 100;
    line += " " + std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
  }
  std::cerr << "\r\033[K" << (color_ ? "\033[36m" : "") << line << (color_ ? "\033[0m" : "")
            << std::flush;
  on_screen_ = true;
}

void progress_bar::note(const std::string& sentence) {
  clear();
  std::cerr << sentence << '\n';
}

}  // namespace datagen::tools
