#pragma once
// One HTTP request on its way from the server's threads to the gateway and back.

#include "actors/http/message.hpp"

#include "protocol/types.hpp"

#include <atomic>
#include <functional>
#include <memory>

namespace datagen::web {

struct exchange {
  exchange(http::request r, std::function<void(http::response)> a,
           std::shared_ptr<std::atomic<std::size_t>> open)
      : ask(std::move(r)), answer(std::move(a)), open_(std::move(open)) {}
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;
  ~exchange() { --*open_; }

  http::request ask;
  std::function<void(http::response)> answer;  ///< From any thread, once.
  protocol::digest body;         ///< SHA-256 of the body.
  protocol::account_id signer;   ///< Of a signed write, once checked.

private:
  std::shared_ptr<std::atomic<std::size_t>> open_;
};

using shared_exchange = std::shared_ptr<exchange>;

}  // namespace datagen::web
