#include "tools/bench/job_floor.hpp"

#include "tools/bench/clock.hpp"

#include "actors/storage/rows.hpp"

#include "protocol/chain/development.hpp"

#include <filesystem>

namespace datagen::bench {

using namespace protocol;

namespace {

/// Adds the time of what it runs to one of the floor's parts.
template <class Work>
auto timed(double& part_us, const Work& work) {
  const auto start = wall_us();
  auto result = work();
  part_us += wall_us() - start;
  return result;
}

}  // namespace

std::optional<job_floor> job_floor::open(const std::string& data_dir, std::string& why) {
  auto opened =
    storage::store::open({.path = (std::filesystem::path{data_dir} / "floor.db").string()});
  if (!opened) {
    why = opened.error().sentence;
    return std::nullopt;
  }
  return job_floor{std::move(*opened)};
}

job_floor::job_floor(storage::store store)
    : store_(std::move(store)),
      user_(development_key(development_kind::account, 0)),
      validator_(development_key(development_kind::validator, 0)) {}

floor_times job_floor::run(const kernel_ref& kernel, byte_view input) {
  floor_times t;
  floor_counts n;
  const auto hashed = [&](std::uint32_t hashes, const auto& work) {
    n.hashes += hashes;
    return timed(t.hash_us, work);
  };
  const auto sign_as = [&](const key_pair& key, const bytes& statement) {
    ++n.signatures;
    return timed(t.sign_us, [&] { return sign(key, statement); });
  };
  const auto verified = [&](const key_pair& key, const bytes& statement, const signature& by) {
    ++n.verifications;
    invariant(timed(t.verify_us, [&] { return verify(key.identity, statement, by); }),
              "the floor's own signatures hold");
  };
  const bytes nothing;

  // The user names the bytes and signs the ticket.
  receipt x;
  x.order.content = {.session = {1}, .sequence = sequence_++, .kernel = kernel, .units_max = 1000};
  auto& order = x.order.content;
  order.parameters = hashed(1, [&] { return sha256(nothing); });
  order.input = hashed(1, [&] { return sha256(input); });
  x.order.user = sign_as(user_, hashed(1, [&] { return ticket_statement(order); }));
  hashed(1, [&] { return job_id_of(order); });

  // The router checks that the bytes are those of the ticket.
  hashed(3, [&] { return std::tuple{sha256(nothing), sha256(input), job_id_of(order)}; });

  // The validator does so too and checks the ticket; the kernel's own work is not counted here.
  hashed(3, [&] { return std::tuple{sha256(nothing), sha256(input), job_id_of(order)}; });
  verified(user_, hashed(1, [&] { return ticket_statement(order); }), x.order.user);

  // It answers with result, salt, leaf and receipt, durable before they leave.
  const bytes output(32, 7);
  result_header result{.kernel = kernel, .parameters = order.parameters, .input = order.input};
  result.root = hashed(1, [&] { return result_root(output); });
  const auto job = hashed(1, [&] { return job_id_of(order); });
  const auto salt = hashed(2, [&] { return salt_for(validator_.secret, job, 0); });
  const auto commitment =
    hashed(2, [&] { return commitment_of(salt, job, 0, {0}, digest_of(result)); });
  x.content = hashed(1, [&] { return make_leaf(order, 1, commitment); });
  x.validator =
    sign_as(validator_, hashed(2, [&] { return receipt_statement(order, x.content, 0); }));
  storage::write_batch batch;
  batch.receipts.push_back({.job = job, .body = hashed(0, [&] { return encode(x, result); })});
  n.receipt_bytes = batch.receipts.back().body.size();
  ++n.commits;
  invariant(timed(t.commit_us, [&] { return store_.commit(batch).operator bool(); }),
            "the floor's database takes its receipts");

  // The user, who signed the ticket, checks the rest of the receipt and what it opens.
  verified(validator_, hashed(2, [&] { return receipt_statement(order, x.content, 0); }),
           x.validator);
  hashed(4, [&] {
    return std::tuple{make_leaf(order, 1, commitment), digest_of(result),
                      commitment_of(salt, job, 0, {0}, digest_of(result)), result_root(output)};
  });
  counts_ = n;
  return t;
}

}  // namespace datagen::bench
