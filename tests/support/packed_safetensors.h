// A safetensors file put together by hand, right or wrong: the length of the header, the header
// and the data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

inline std::string packed_safetensors(std::string_view header, std::string_view data) {
    std::string bytes;
    for (std::uint64_t left = header.size(), count = 0; count < 8; ++count, left /= 256)
        bytes += static_cast<char>(left % 256);
    return bytes.append(header).append(data);
}
