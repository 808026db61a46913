// The readers that strange bytes are fed to. Each has one function that reads the bytes and looks
// at all that came out: an Error is fine, and anything else that is thrown, a wrong result, a
// crash, a hang or an overflow is a fault. A new reader is one source file with its function and
// its seeds, and a line here, in readers.cpp and in CMakeLists.txt.
#pragma once

#include <string>
#include <string_view>
#include <vector>

struct Reader {
    std::string name;
    void (*fuzz_one)(std::string_view bytes);
    std::vector<std::string> (*seeds)(); // whole inputs, right ones, that mutations start from
    std::vector<std::string> words;      // pieces that a mutation may put in
};

std::vector<Reader> readers();

void fuzz_safetensors(std::string_view bytes);
std::vector<std::string> safetensors_seeds();
void fuzz_settings(std::string_view bytes);
std::vector<std::string> settings_seeds();

// For fuzz_one: when this does not hold, the reader has a fault.
void require(bool holds, const char* what);
// Every sentence of an Error must be one that can be shown: neither empty nor a flood.
void require_sentence(const char* sentence);
