// Bytes as a gzip stream (RFC 1952), for answers of a listener.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace entente::serve {

// Keeps its 256 kB of work space between calls.
class Gzip {
public:
    Gzip();
    ~Gzip();
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;

    std::string compress(std::string_view bytes);

private:
    struct Stream;
    std::unique_ptr<Stream> stream_;
};

// Whether an Accept-Encoding header allows gzip ("gzip;q=0" does not).
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace entente::serve
