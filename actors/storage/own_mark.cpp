#include "actors/storage/own_mark.hpp"

#include "protocol/codec.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

namespace datagen::storage {

namespace {

constexpr std::size_t place_bytes = 16;

}  // namespace

result<own_mark> own_mark::open(const std::string& path) {
  own_mark mark;
  mark.file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (mark.file_ < 0)
    return failure{fault::cannot_open, "cannot create " + path + ": " + std::strerror(errno)};
  for (std::size_t chain = 0; chain < chains; ++chain) {
    std::array<std::uint8_t, place_bytes> raw{};
    const auto size =
      ::pread(mark.file_, raw.data(), raw.size(), static_cast<off_t>(chain * place_bytes));
    if (size < 0)
      return failure{fault::cannot_open, "cannot read " + path + ": " + std::strerror(errno)};
    protocol::decoder ar{raw};  // what is not there yet reads as zero
    ar(mark.places_[chain].epoch, mark.places_[chain].round);
  }
  return mark;
}

own_mark::own_mark(own_mark&& other) noexcept
    : file_(std::exchange(other.file_, -1)), places_(other.places_) {}

own_mark& own_mark::operator=(own_mark&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(places_, other.places_);
  return *this;
}

own_mark::~own_mark() {
  if (file_ >= 0)
    ::close(file_);
}

bool own_mark::raise(const write_batch& batch) {
  if (file_ < 0)
    return true;  // in memory: nothing to lose
  std::array<bool, chains> raised{};
  for (const auto& x : batch.vertices)
    if (const own_place place{x.epoch, x.round};
        x.own && x.chain < chains && places_[x.chain] < place) {
      places_[x.chain] = place;
      raised[x.chain] = true;
    }
  for (std::size_t chain = 0; chain < chains; ++chain) {
    if (!raised[chain])
      continue;
    const auto raw = protocol::encode(places_[chain].epoch, places_[chain].round);
    if (::pwrite(file_, raw.data(), raw.size(), static_cast<off_t>(chain * place_bytes)) !=
        static_cast<ssize_t>(raw.size()))
      return false;
  }
  return true;
}

}  // namespace datagen::storage
