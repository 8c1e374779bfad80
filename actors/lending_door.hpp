#pragma once
// What other hosts of the operator reach of a kernel worker; ends with it. The worker and its lanes
// have threads of their own and must never be known to the middleman: CAF 0.17 tells it of an
// actor's end only after the system counts that actor as gone, and a system that is taken down
// meanwhile waits for ever for the thread of whomever its stopped middleman still holds. So what
// comes from other hosts is asked of the worker anew, under this actor's name.

#include "messages/kernel_offer.hpp"

#include <caf/typed_response_promise.hpp>

namespace datagen {

class lending_door_state {
public:
  explicit lending_door_state(kernel_lender_actor::pointer self) : self_(self) {}
  static inline const char* name = "lending_door";

  void start(kernel_lender_actor worker);
  caf::result<v1::kernel_done> run(const v1::kernel_run& job);
  void cancel(const v1::kernel_cancel& which);
  caf::result<v1::kernel_status> status();
  caf::result<v1::kernel_offer> offer();
  /// Nobody waits any more for the jobs of a host that is gone.
  void lost(const caf::actor_addr& borrower);

private:
  struct order {
    caf::actor_addr borrower;
    std::uint64_t number = 0;  ///< The borrower's.
    caf::typed_response_promise<v1::kernel_done> answer;
  };

  bool has_orders(const caf::actor_addr& borrower) const;
  /// `what`: the worker's answer, or an error if it has ended.
  template <class T>
  void answered(std::uint64_t number, T what);
  template <class Query, class Answer>
  caf::result<Answer> ask();

  kernel_lender_actor::pointer self_;
  kernel_lender_actor worker_;
  std::uint64_t runs_ = 0;
  std::map<std::uint64_t, order> open_;  ///< By the worker's number: two hosts may use the same.
};

kernel_lender_actor::behavior_type lending_door(
  kernel_lender_actor::stateful_pointer<lending_door_state> self, kernel_lender_actor worker);

}  // namespace datagen
