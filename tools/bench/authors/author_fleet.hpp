#pragma once
// All authors of a committee as processes, which may be killed and started again.

#include "tools/bench/authors/child_process.hpp"
#include "tools/bench/authors/committee_file.hpp"

#include <map>

namespace datagen::bench {

class author_fleet {
public:
  /// @param program `author_process`
  /// @param directory exists; holds the committee file, databases and what the authors print
  author_fleet(std::string program, std::string directory, const committee_file& committee);

  /// @returns whether the process runs; it listens a moment later
  bool start(std::size_t author);
  bool start_all();
  /// SIGKILL, as when the power goes, but for what the system had not written yet.
  void kill(std::size_t author) { running_.erase(author); }
  /// SIGTERM to all, one after the other. @returns whether every one ended as planned
  bool stop_all();
  bool ended(std::size_t author) { return running_.at(author).ended(); }

  std::string database(std::size_t author) const { return file(author, "db"); }
  std::string output(std::size_t author) const { return text_of(file(author, "out")); }
  /// Of all that run.
  double processor_us() const;

private:
  std::string file(std::size_t author, const char* kind) const;

  std::string program_;
  std::string directory_;
  std::size_t authors_;
  std::map<std::size_t, child_process> running_;
};

}  // namespace datagen::bench
