// What is often done wrong in the exercises of tokenizer.cpp, and what comes out of it. The texts
// here are split by the plainest of means, which will do for texts without accents.
#pragma once

#include "support/teach.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace mistakes {

using support::Pieces;
using support::TextMistakes;
using Ids = std::vector<int>;

inline Pieces plain_words(const std::string& text) {
    std::istringstream stream(text);
    Pieces words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

inline Pieces plain_characters(const std::string& text) {
    Pieces characters;
    for (const char character : text)
        characters.emplace_back(1, character);
    return characters;
}

inline Pieces plain_pieces(bool by_words, const std::string& text) {
    return by_words ? plain_words(text) : plain_characters(text);
}

inline Pieces vocabulary_of(const Pieces& pieces) {
    const std::set<std::string> sorted(pieces.begin(), pieces.end());
    return {sorted.begin(), sorted.end()};
}

// Where the text's last piece ends.
inline std::size_t end_of_pieces(bool by_words, const std::string& text) {
    return by_words ? text.find_last_not_of(" \n\t") + 1 : text.size();
}

// Whether next_piece gives an empty piece when it is asked for more at the text's end.
inline bool ends_behind_pieces(bool by_words, const std::string& text) {
    return end_of_pieces(by_words, text) < text.size();
}

inline void append(Pieces& all, const Pieces& more) {
    all.insert(all.end(), more.begin(), more.end());
}

// All pieces of the texts, of each text those that `chosen` leaves.
template <class Chosen>
Pieces collected(const std::vector<std::string>& texts, bool by_words, Chosen chosen) {
    Pieces all;
    for (const std::string& text : texts)
        append(all, chosen(plain_pieces(by_words, text)));
    return vocabulary_of(all);
}

// The pieces when each text but the first is read from where the text before it ended.
inline Pieces with_one_offset(const std::vector<std::string>& texts, bool by_words) {
    Pieces all;
    std::size_t offset = 0;
    for (const std::string& text : texts) {
        if (offset >= text.size()) continue;
        append(all, plain_pieces(by_words, text.substr(offset)));
        offset = end_of_pieces(by_words, text);
    }
    return vocabulary_of(all);
}

// The pieces when the offset is moved behind each one again, by its length.
inline Pieces with_offset_moved_twice(const std::vector<std::string>& texts, bool by_words) {
    const std::string blanks = by_words ? " \n\t" : "";
    Pieces all;
    for (const std::string& text : texts) {
        std::size_t start = text.find_first_not_of(blanks);
        while (start < text.size()) {
            const std::size_t blank = by_words ? text.find_first_of(blanks, start) : start + 1;
            const std::size_t end = std::min(blank, text.size());
            all.push_back(text.substr(start, end - start));
            start = text.find_first_not_of(blanks, end + (end - start));
        }
    }
    return vocabulary_of(all);
}

inline TextMistakes collect_pieces(const std::vector<std::string>& texts, bool by_words) {
    const auto from = [&](auto first, auto last) {
        return collected({first, last}, by_words, [](const Pieces& pieces) { return pieces; });
    };
    const auto of_each = [&](auto chosen) { return collected(texts, by_words, chosen); };
    const auto all = [](const Pieces& pieces) { return pieces; };
    const auto ends_with_white_space = [&](const std::string& text) {
        return ends_behind_pieces(by_words, text);
    };
    Pieces with_empty = of_each(all);
    if (std::any_of(texts.begin(), texts.end(), ends_with_white_space))
        with_empty.insert(with_empty.begin(), "");
    TextMistakes mistakes = {
        {"Only the first text is read; the pieces of all texts belong into the vocabulary.",
         from(texts.begin(), texts.begin() + 1)},
        {"Only the last text is read; the pieces of all texts belong into the vocabulary.",
         from(texts.end() - 1, texts.end())},
        {"The last text is left out; the pieces of all texts belong into the vocabulary.",
         from(texts.begin(), texts.end() - 1)},
        {"The first text is left out; the pieces of all texts belong into the vocabulary.",
         from(texts.begin() + 1, texts.end())},
        {"Only the first piece of each text is kept; next_piece gives one piece, and has to be "
         "asked again until the text ends.",
         of_each([](const Pieces& p) { return p.empty() ? p : Pieces{p.front()}; })},
        {"The last piece of each text is left out; every piece belongs into the vocabulary.",
         of_each([](const Pieces& p) {
             return p.empty() ? p : Pieces{p.begin(), p.end() - 1};
         })},
        {"The first piece of each text is left out; every piece belongs into the vocabulary.",
         of_each([](const Pieces& p) {
             return p.empty() ? p : Pieces{p.begin() + 1, p.end()};
         })},
        {"Only the last piece of each text is kept; every piece belongs into the vocabulary.",
         of_each([](const Pieces& p) { return p.empty() ? p : Pieces{p.back()}; })},
        {"Each text goes on at the byte where the text before it ended; a new text is read from "
         "byte 0.",
         with_one_offset(texts, by_words)},
        {"The offset is moved twice: next_piece has already put it behind the piece.",
         with_offset_moved_twice(texts, by_words)},
        {"The texts are kept whole; next_piece takes them apart.", vocabulary_of(texts)},
        {"Words are split into characters, too; `kind` says which of the two are wanted.",
         collected(texts, false, all)},
        {"Characters are put together to words; `kind` says which of the two are wanted.",
         collected(texts, true, all)},
    };
    if (by_words)
        mistakes.push_back({"An empty piece is kept: next_piece gives it when nothing but white "
                            "space is left, and it is no token.",
                            with_empty});
    for (auto& mistake : mistakes) {
        if (mistake.output.empty())
            mistake.output = {
                "Error: the texts are empty: there is nothing to make a vocabulary of"};
    }
    return mistakes;
}

inline Pieces numbers(const Ids& ids) {
    Pieces pieces;
    for (const int id : ids)
        pieces.push_back(std::to_string(id));
    return pieces;
}

inline int plain_id(const Pieces& vocabulary, const std::string& piece) {
    const auto found = std::find(vocabulary.begin(), vocabulary.end(), piece);
    return found == vocabulary.end() ? -1 : static_cast<int>(found - vocabulary.begin());
}

inline Ids plain_ids(const Pieces& vocabulary, const Pieces& pieces) {
    Ids ids;
    for (const std::string& piece : pieces)
        ids.push_back(plain_id(vocabulary, piece));
    return ids;
}

// Each piece gets the number of different pieces that stood before it first stood there.
inline Ids by_first_appearance(const Pieces& pieces) {
    Pieces seen;
    Ids ids;
    for (const std::string& piece : pieces) {
        if (plain_id(seen, piece) < 0) seen.push_back(piece);
        ids.push_back(plain_id(seen, piece));
    }
    return ids;
}

inline TextMistakes unknown_pieces(const Ids& ids) {
    const auto first = std::find(ids.begin(), ids.end(), -1);
    Ids left_out = ids, zeros = ids;
    left_out.erase(std::remove(left_out.begin(), left_out.end(), -1), left_out.end());
    std::replace(zeros.begin(), zeros.end(), -1, 0);
    return {
        {"An unknown piece is left out in silence; fail_unknown should refuse it.",
         numbers(left_out)},
        {"An unknown piece gets the id 0, which belongs to another token; fail_unknown should "
         "refuse it.",
         numbers(zeros)},
        {"An unknown piece gets the id -1, which belongs to no token; fail_unknown should refuse "
         "it.",
         numbers(ids)},
        {"The ids end where the first unknown piece stands; fail_unknown should refuse the text.",
         numbers({ids.begin(), first})},
    };
}

inline TextMistakes encode(const std::string& text, const Pieces& vocabulary, bool by_words) {
    const Pieces pieces = plain_pieces(by_words, text);
    const Ids ids = plain_ids(vocabulary, pieces);
    if (ids.empty()) return {};
    if (std::count(ids.begin(), ids.end(), -1) > 0) return unknown_pieces(ids);
    Ids later = ids, places = ids, without_repeats;
    for (std::size_t place = 0; place < ids.size(); ++place) {
        ++later[place];
        places[place] = static_cast<int>(place);
        if (std::count(without_repeats.begin(), without_repeats.end(), ids[place]) == 0)
            without_repeats.push_back(ids[place]);
    }
    Ids sorted = ids;
    std::sort(sorted.begin(), sorted.end());
    TextMistakes mistakes = {
        {"Only the first piece gets its id; next_piece gives one piece, and has to be asked again "
         "until the text ends.",
         numbers({ids.front()})},
        {"Only the id of the last piece is there; the ids of all pieces should stand side by side.",
         numbers({ids.back()})},
        {"The last piece of the text is lost; every piece has an id.",
         numbers({ids.begin(), ids.end() - 1})},
        {"The first piece of the text is lost; every piece has an id.",
         numbers({ids.begin() + 1, ids.end()})},
        {"Each piece gets its place in the text; its id is its place in the vocabulary.",
         numbers(places)},
        {"New ids are given out in the order of this text; the ids of the vocabulary should be "
         "used.",
         numbers(by_first_appearance(pieces))},
        {"Each id is one too large; ids are counted from 0.", numbers(later)},
        {"A piece that comes again is left out; a text that repeats a piece repeats its id.",
         numbers(without_repeats)},
        {"The ids stand in the order of the vocabulary; they should stand in that of the text.",
         numbers(sorted)},
        {"The ids run backwards; the first piece of the text comes first.",
         numbers({ids.rbegin(), ids.rend()})},
        {"The result stays empty: no id is put into it.", {}},
    };
    const Pieces unknown = {fmt::format("Error: the word \"\" (word {} of the text) is not in the "
                                        "vocabulary, and no known word is like it",
                                        ids.size() + 1)};
    if (by_words)
        mistakes.push_back({"Behind the last word only white space is left: the piece is empty "
                            "then, and no word that could have an id.",
                            ends_behind_pieces(by_words, text) ? unknown : numbers(ids)});
    return mistakes;
}

// The tokens, each with `before` in front of it and `behind` behind it.
inline Pieces strung(const Pieces& tokens, const std::string& before, const std::string& behind) {
    std::string text;
    for (const std::string& token : tokens)
        text += before + token + behind;
    return {text};
}

inline Pieces side_by_side(const Pieces& tokens, const std::string& between) {
    return {fmt::format("{}", fmt::join(tokens, between))};
}

inline TextMistakes decode(const Ids& ids, const Pieces& vocabulary, bool by_words) {
    if (ids.empty()) return {};
    Pieces tokens;
    for (const int id : ids)
        tokens.push_back(vocabulary.at(static_cast<std::size_t>(id)));
    const std::string between = by_words ? " " : "";
    std::string text, other_text; // without the blanks of words like the first, like the last
    for (const std::string& token : tokens) {
        text += (token == tokens.front() ? "" : between) + token;
        other_text += token + (token == tokens.back() ? "" : between);
    }
    TextMistakes mistakes = {
        {"Only the first token is there; the tokens of all ids should stand side by side.",
         {tokens.front()}},
        {"Only the last token is there, because each one takes the place of the one before; they "
         "should stand side by side.",
         {tokens.back()}},
        {"The last token is lost; every id has one.",
         side_by_side({tokens.begin(), tokens.end() - 1}, between)},
        {"The first token is lost; every id has one.",
         side_by_side({tokens.begin() + 1, tokens.end()}, between)},
        {"The ids are written as numbers; the tokens that they stand for should be.",
         side_by_side(numbers(ids), between)},
        {"The ids are written as numbers, side by side; the tokens that they stand for should be.",
         side_by_side(numbers(ids), "")},
        {"The text runs backwards; the token of the first id comes first.",
         side_by_side({tokens.rbegin(), tokens.rend()}, between)},
        {"The text stays empty: no token is put into it.", {""}},
    };
    const auto add = [&](const std::string& sentence, const Pieces& output) {
        mistakes.push_back({sentence, output});
    };
    if (by_words) {
        add("There is no blank between the words; a text of words needs one there.",
            strung(tokens, "", ""));
        add("There is a blank behind the last word, too; it should only stand between two words.",
            strung(tokens, "", " "));
        add("There is a blank before the first word, too; it should only stand between two words.",
            strung(tokens, " ", ""));
        add("A word that is like the first one gets no blank; every word but the first needs one "
            "before it, whatever the word.",
            {text});
        add("A word that is like the last one gets no blank behind it; every word but the last "
            "needs one, whatever the word.",
            {other_text});
        add("Each word stands on a line of its own; there should be a blank between them.",
            side_by_side(tokens, "\n"));
    } else {
        add("There are blanks between the characters; only words are kept apart by a blank.",
            side_by_side(tokens, " "));
        add("There is a blank behind every character; only words are kept apart by a blank.",
            strung(tokens, "", " "));
        add("There is a blank before every character; only words are kept apart by a blank.",
            strung(tokens, " ", ""));
    }
    return mistakes;
}

} // namespace mistakes
