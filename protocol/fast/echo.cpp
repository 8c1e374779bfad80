#include "protocol/fast/echo.hpp"

namespace datagen::protocol::fast {

ruling check(const state& now, const setting& rules, const tx::echo_root& x,
             const signature_checker& signatures) {
  const auto session = now.sessions.find(x.session);
  if (session == now.sessions.end())
    return {transaction_check::unknown_session,
            "Heavy has not announced session " + std::to_string(x.session.value) + " here yet"};
  if (session->second.closed_ms)
    return {transaction_check::session_closed, "the session is closed"};
  const auto& known = session->second.echo_roots;
  if (known.contains(x.entries_root))
    return {transaction_check::echo_known, "this root is recorded"};
  if (known.size() >= echo_roots_max)
    return {transaction_check::echo_roots_full,
            "the session has " + std::to_string(echo_roots_max) + " Echo roots; open another one"};
  const auto statement = echo_root_statement(rules.heavy, x.session, x.entries_root);
  if (!signatures.check(session->second.user, statement, x.user))
    return {transaction_check::bad_echo_signature, "not signed by the session's user"};
  return {};
}

happened::echo_recorded apply(state& now, const tx::echo_root& x) {
  const bool added = now.sessions.at(x.session).echo_roots.insert(x.entries_root).second;
  invariant(added, "an Echo root is recorded once");
  now.echo_chain = hash("fast-echo", now.echo_chain, x.session, x.entries_root);
  return {.session = x.session, .entries_root = x.entries_root, .height = now.height};
}

}  // namespace datagen::protocol::fast
