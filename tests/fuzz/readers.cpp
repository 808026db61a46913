#include "readers.h"

#include <cstring>
#include <stdexcept>

std::vector<Reader> readers() {
    const std::vector<std::string> json_words = {
        "{",       "}",       "[",    "]",       "\"",         ",",
        ":",       "{}",      "[]",   "[0,0]",   "null",       "true",
        "-1",      "0",       "1.5",  "1e999",   "4294967296", "18446744073709551615",
        "\\u0000", "\\ud800", "\xff", "\xc3\xa9"};
    std::vector<std::string> safetensors_words = json_words;
    for (const char* word : {"\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"__metadata__\"",
                             "\"F16\"", "\"BF16\"", "\"F32\"", "\"F64\"", "\"I64\"", "\"BOOL\""})
        safetensors_words.push_back(word);
    return {{"safetensors", fuzz_safetensors, safetensors_seeds, safetensors_words},
            {"settings", fuzz_settings, settings_seeds, json_words}};
}

void require(bool holds, const char* what) {
    if (!holds) throw std::logic_error(what);
}

void require_sentence(const char* sentence) {
    const std::size_t length = std::strlen(sentence);
    require(length > 0 && length < 2000, "the sentence of an Error is empty or very long");
    for (const char* letter = sentence; *letter; ++letter) {
        require(static_cast<unsigned char>(*letter) >= ' ', "a sentence has a control character");
    }
}
