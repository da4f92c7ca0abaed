#include "run/loopback.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace entente::run {

namespace {

constexpr int patience_s = 2;
constexpr std::size_t answer_bytes_max = 64u << 10;

// A socket connected to 127.0.0.1:port, or -1.
int connect_to(int port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return -1;
    const timeval patience{patience_s, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return socket;
    ::close(socket);
    return -1;
}

}  // namespace

bool somebody_listens(int port) {
    const int socket = connect_to(port);
    if (socket >= 0) ::close(socket);
    return socket >= 0;
}

std::string ask_loopback(int port, const std::string& path) {
    const int socket = connect_to(port);
    if (socket < 0) return {};
    const std::string request = fmt::format(
        "GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", path, port);
    std::string answer;
    // A request of a hundred bytes fits the socket's buffer: it is sent as a whole or not at all.
    if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) ==
        static_cast<ssize_t>(request.size())) {
        char chunk[4096];
        ssize_t got = 0;
        while (answer.size() < answer_bytes_max &&
               (got = ::recv(socket, chunk, sizeof chunk, 0)) > 0) {
            answer.append(chunk, static_cast<std::size_t>(got));
        }
    }
    ::close(socket);
    return answer;
}

}  // namespace entente::run
