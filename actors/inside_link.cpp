#include "actors/inside_link.hpp"

#include "actors/process_transport.hpp"

#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/scoped_actor.hpp>

namespace datagen {

void add_inside_links(caf::actor_system_config& config,
                      const std::optional<std::filesystem::path>& keys) {
  add_links(config);
  if (!keys)
    return;
  const auto path_of = [&](const char* name) {
    const auto result = *keys / name;
    if (!std::filesystem::exists(result))
      throw std::runtime_error{"there is no " + result.string() +
                               "; deploy/inside-keys makes what hosts of one operator need"};
    return result.string();
  };
  config.load<caf::openssl::manager>();
  config.openssl_certificate = path_of("certificate.pem");
  config.openssl_key = path_of("key.pem");
  config.openssl_cafile = path_of("ca.pem");
}

caf::io::middleman_actor inside_connector(caf::actor_system& system) {
  return system.has_openssl_manager() ? system.openssl_manager().actor_handle()
                                      : system.middleman().actor_handle();
}

connecting_end::~connecting_end() {
  if (!system_.has_middleman())
    return;
  system_.await_all_actors_done();
  caf::scoped_actor self{system_, true};
  for (const auto& x : {inside_connector(system_), system_.middleman().actor_handle()})
    // It answers one after the other; what it is asked says nothing.
    self->request(x, caf::infinite, caf::get_atom::value, system_.node())
      .receive([](const caf::node_id&, const std::string&, std::uint16_t) {},
               [](const caf::error&) {});
}

caf::expected<std::uint16_t> publish_inside(caf::actor_system& system,
                                            const caf::strong_actor_ptr& whom,
                                            const std::string& address, std::uint16_t port) {
  caf::scoped_actor self{system};
  caf::expected<std::uint16_t> result{caf::error{}};
  self
    ->request(inside_connector(system), caf::infinite, caf::publish_atom::value, port, whom,
              std::set<std::string>{}, address, true)
    .receive([&](std::uint16_t opened) { result = opened; },
             [&](caf::error& why) { result = std::move(why); });
  return result;
}

void unpublish_inside(caf::actor_system& system, const caf::strong_actor_ptr& whom,
                      std::uint16_t port) {
  caf::scoped_actor self{system};
  self
    ->request(inside_connector(system), caf::infinite, caf::unpublish_atom::value,
              caf::actor_cast<caf::actor_addr>(whom), port)
    .receive([] {}, [](const caf::error&) {});
}

}  // namespace datagen
