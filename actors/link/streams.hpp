#pragma once
// Short names for Boost and OpenSSL. Private to this folder: no public header includes it.

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

namespace datagen::link {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using tcp = asio::ip::tcp;
using boost::system::error_code;
using tls_stream = beast::ssl_stream<tcp::socket>;
using web_stream = websocket::stream<tls_stream>;

}  // namespace datagen::link
