#pragma once
// A disk that fails when it is told to, and forgets what was not synchronised when its power is cut.
// For scenarios and tests: what a store writes goes through it to the file system.

#include <cstdint>
#include <memory>
#include <string>

namespace datagen::storage {

/// For one thread. Every store on it is closed before it goes.
class faulty_disk {
public:
  faulty_disk();
  ~faulty_disk();
  faulty_disk(const faulty_disk&) = delete;
  faulty_disk& operator=(const faulty_disk&) = delete;

  /// For `store_config::vfs`.
  const std::string& name() const;
  /// Lets `after` more operations on the database `path` and its log pass; from then on every one of
  /// them fails, until `mend`.
  void fail(const std::string& path, std::uint64_t after = 0);
  void mend(const std::string& path);
  /// Takes back what was written since the last synchronisation of the database, and of its log, as
  /// a power cut may. @pre no store holds `path`
  void cut_power(const std::string& path);
  /// Writes, truncations, synchronisations and deletions so far, the failed ones too.
  std::uint64_t operations(const std::string& path) const;

private:
  friend struct faulty_files;
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace datagen::storage
