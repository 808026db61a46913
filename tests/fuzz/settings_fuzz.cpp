// The entry of libFuzzer, which invents bytes that reach ever more of the reader.
#include "readers.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    fuzz_settings({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
