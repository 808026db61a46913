// Lesson 1: a vocabulary is collected, a text becomes numbers and a text again.
#include "error.h"
#include "examples.h"
#include "terminal/text_layout.h"
#include "text/tokenizer.h"

#include <fmt/ranges.h>

namespace whirlygig {

namespace {

// Each call of next_piece, with the offset before and after it.
std::string pieces_text(TokenizerKind kind, const std::string& text) {
    std::string lines = fmt::format("next_piece walks over \"{}\", {} characters:\n"
                                    "  offset before   piece     offset after\n",
                                    text, text.size());
    std::size_t offset = 0;
    for (bool more = true; more;) {
        const std::size_t before = offset;
        const std::string_view piece = next_piece(kind, text, offset);
        lines += fmt::format("  {:>13}   {}{:>12}\n", before,
                             pad_right(fmt::format("\"{}\"", piece), 10), offset);
        more = !piece.empty();
    }
    return lines;
}

std::string vocabulary_text(const Tokenizer& tokenizer) {
    std::string lines;
    for (int id = 0; id < tokenizer.size(); ++id)
        lines += fmt::format("  {}  \"{}\"\n", id, tokenizer.token(id));
    return lines;
}

std::string round_trip(const Tokenizer& tokenizer, const std::string& text) {
    const std::vector<int> ids = tokenizer.encode(text);
    return fmt::format("encode(\"{}\") gives {}\ndecode({}) gives \"{}\"\n", text, ids, ids,
                       tokenizer.decode(ids));
}

} // namespace

std::string tokens_example() {
    std::string text = pieces_text(TokenizerKind::words, "the  red ");

    const std::vector<std::string> texts = {"the blue kitten purred", "the red kitten"};
    const Tokenizer words = Tokenizer::from_texts(TokenizerKind::words, texts);
    text += fmt::format("\nthe vocabulary of \"{}\" and \"{}\":\n", texts[0], texts[1]);
    text += vocabulary_text(words);
    text += "\n" + round_trip(words, "the red kitten");
    try {
        words.encode("the ret kitten");
    } catch (const Error& error) {
        text += fmt::format("\nencode(\"the ret kitten\") says:\n  {}\n", error.what());
    }

    const Tokenizer characters = Tokenizer::from_texts(TokenizerKind::characters, {"red deer"});
    text += "\nthe same with characters, from the text \"red deer\":\n";
    text += vocabulary_text(characters);
    return text + "\n" + round_trip(characters, "dee");
}

} // namespace whirlygig
