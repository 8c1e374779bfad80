#include "tools/bench/authors/author_fleet.hpp"

#include <fstream>

namespace datagen::bench {

author_fleet::author_fleet(std::string program, std::string directory,
                           const committee_file& committee)
    : program_(std::move(program)),
      directory_(std::move(directory)),
      authors_(committee.authors.size()) {
  std::ofstream{directory_ + "/committee"} << to_text(committee);
}

std::string author_fleet::file(std::size_t author, const char* kind) const {
  return directory_ + "/author-" + std::to_string(author) + "." + kind;
}

bool author_fleet::start(std::size_t author) {
  child_process child{
    {program_, directory_ + "/committee", std::to_string(author), database(author)},
    file(author, "out")};
  const auto started = child.started();
  running_.erase(author);
  running_.emplace(author, std::move(child));
  return started;
}

bool author_fleet::start_all() {
  bool all = true;
  for (std::size_t i = 0; i < authors_; ++i)
    all = start(i) && all;
  return all;
}

bool author_fleet::stop_all() {
  bool all = true;
  for (auto& [author, child] : running_)
    all = child.stop() == 0 && all;
  running_.clear();
  return all;
}

double author_fleet::processor_us() const {
  double sum = 0;
  for (const auto& [author, child] : running_)
    sum += child.processor_us();
  return sum;
}

}  // namespace datagen::bench
