#pragma once
// A gateway without a network behind it: canned answers, but every signature in them is real, and
// what is sent to it is checked as a real one would. It can be told to lie.

#include "paper_trail.hpp"

#include "actors/gateway/checkpoint_form.hpp"
#include "actors/gateway/request_signature.hpp"
#include "actors/http/server.hpp"
#include "kernels/registry.hpp"
#include "protocol/fast/transactions.hpp"
#include "tests/support/places.hpp"

#include <boost/json.hpp>

#include <mutex>

namespace tools_test {

namespace http = datagen::http;
namespace json = boost::json;

class fake_gateway : public http::handler {
public:
  enum class lie : std::uint8_t {
    none,
    wrong_output,      ///< Other bytes than the receipt commits to.
    forged_receipt,    ///< Not signed by the validator.
    foreign_ticket,    ///< An honest receipt, for a ticket with another value.
    wrong_genesis,     ///< Status names another genesis.
    wrong_key,         ///< A validator's key differs from genesis'.
    refuses_job,       ///< The job ends refused.
    silent,            ///< The paired validator gives no sign; its stand-in, 1, answers.
    dear,              ///< The paired validator asks more than before; its stand-in, 1, does not.
    all_dear,          ///< Everybody asks more than before.
    expelled,          ///< The paired validator takes no jobs; the session is paired with 1 next.
    behind,            ///< Router and validator hear of the pairing only before the third order.
    stays_behind,      ///< The first validator goes on hearing nothing of the pairing.
    block_first,       ///< The leaf is ordered before the answer is here.
    refuses_session,   ///< The chain opens no session.
    no_fast_chain,     ///< The Echo root is refused.
    changed_checkpoint,///< A readable field that the canonical bytes deny.
  };
  fake_gateway();
  ~fake_gateway() override { server_.stop(1'000); }
  std::string address() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  void handle(http::request r, http::responder answer) override;

  // Set before the program runs, read after it ended.
  lie tells = lie::none;
  genesis start = development_genesis();
  std::uint64_t nonce = 0;                           ///< Of the account's last money move.
  std::vector<ledger::tx::open_session> opened;
  std::vector<ledger::tx::echo_report> reports;
  std::vector<fast::transaction> fast_said;
  std::vector<signed_ticket> orders;
  std::vector<acknowledgement> acknowledged;
  std::vector<std::string> problems;                 ///< What the program should not have sent.

private:
  struct job {
    signed_ticket order;
    std::string output;
    portable_receipt paper;
    int looks = 0;
  };
  http::response read(const http::request& r);
  http::response write(const http::request& r);
  http::response session(const std::string& id) const;
  http::response echo(const json::value& body);
  http::response transaction(const json::value& body);
  http::response post_job(const json::value& body);
  http::response show_job(job& x);
  http::response validators() const;
  bool raised(std::uint32_t validator) const;
  http::response checkpoint(const http::request& r) const;

  std::mutex mutex_;
  int early_looks_ = 0;  ///< At a job whose block came first.
  datagen::kernels::registry kernels_ =
    datagen::kernels::registry::load(std::vector<std::filesystem::path>{datagen::program_path("")});
  datagen::web::nonce_memory nonces_{1'000};
  std::map<std::string, std::string> inputs_;
  std::map<std::uint64_t, std::pair<ledger::tx::open_session, bool>> sessions_;  ///< Paired?
  std::map<std::string, job> jobs_;
  http::server server_;
};

}  // namespace tools_test
