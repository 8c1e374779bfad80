#include "protocol/audit/check_commitment.hpp"

namespace datagen::protocol {

digest check_witness(const digest& beacon, const job_id& job, validator_id checker,
                     byte_view result) {
  // The same bytes as hash("witness", H(…), result), without copying a large result.
  sha256_stream stream;
  stream.update(encode("witness", hash("witness key", beacon, job, checker),
                       static_cast<std::uint32_t>(result.size())));
  stream.update(result);
  return stream.finish();
}

digest checker_commitment(const job_id& job, validator_id checker, const check_reveal& content) {
  return hash("check commitment", content.salt, job, checker, content.result, content.witness);
}

reveal_check check(const check_reveal& content, const digest& commitment, const job_id& job,
                   validator_id checker, const check_windows& windows, std::uint64_t now_ms) {
  if (now_ms < windows.commit_until_ms)
    return reveal_check::commit_window_open;
  if (now_ms >= windows.reveal_until_ms)
    return reveal_check::reveal_window_over;
  if (checker_commitment(job, checker, content) != commitment)
    return reveal_check::not_committed;
  return reveal_check::ok;
}

}  // namespace datagen::protocol
