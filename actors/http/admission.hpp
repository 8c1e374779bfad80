#pragma once
// Who may come in: connections per address and in all, budget per address, bytes in flight.
// Thread-safe; times are arguments. Private to this folder.

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace datagen::http {

using moment = std::chrono::steady_clock::time_point;

struct admission_limits {
  std::size_t connections_max = 0;
  std::size_t connections_per_address_max = 0;
  std::uint32_t cost_per_second = 0;
  std::uint32_t cost_burst = 0;
  std::uint64_t bytes_in_flight_max = 0;
};

class admission {
public:
  enum class verdict : std::uint8_t { admitted, full, address_full };

  explicit admission(admission_limits limits) : limits_(limits) {}

  /// Counts a connection of `address`; an exempt one counts in all but not per address.
  verdict enter(const std::string& address, bool exempt);
  void leave(const std::string& address, bool exempt);
  std::size_t connections() const;

  /// Takes `cost` from the budget of `address`. @returns the whole seconds to wait if it is empty.
  std::optional<std::uint64_t> spend(const std::string& address, std::uint32_t cost, moment now);

  bool reserve(std::uint64_t bytes);
  void release(std::uint64_t bytes);

private:
  struct budget {
    std::uint64_t milli = 0;  ///< Thousandths of a cost unit left.
    moment updated;
  };
  std::uint64_t refilled(const budget& b, moment now) const;
  void forget_full(moment now);

  static constexpr std::size_t budgets_max = 16384;  ///< Addresses remembered.
  const admission_limits limits_;
  mutable std::mutex mutex_;
  std::size_t connections_ = 0;
  std::map<std::string, std::size_t> by_address_;
  std::map<std::string, budget> budgets_;
  std::uint64_t bytes_in_flight_ = 0;
};

}  // namespace datagen::http
