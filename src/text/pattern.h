// The patterns of a grammar file, such as
//
//     the [SIZE] (TEXTURE | COLOUR | TEXTURE COLOUR) NOUN VERB in the PLACE
//
//     the             a word, as it stands
//     NOUN            a name (capitals, digits and _, two or more): the grammar file says of what
//     [SIZE]          half the time, otherwise nothing
//     (A B | C)       one of the alternatives, evenly
//     first:CLAUSE    the phrase CLAUSE, here and from now on called `first`
//     first.NOUN      the NOUN of the phrase called `first`, once more
//
// ( ) [ ] | end a word; a word that needs one of them belongs into a word set.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace whirlygig {

struct Pattern {
    enum class Kind { word, name, sequence, choice };
    Kind kind = Kind::sequence;
    std::string text{};           // word: the word; name: the name
    std::string label{};          // name only: `first` in first:CLAUSE, else empty
    std::string owner{};          // name only: `first` in first.NOUN, else empty
    std::vector<Pattern> parts{}; // sequence: one after the other; choice: one of them, evenly
};

// Capitals, digits and _, starting with a capital and at least two characters long.
bool is_name(std::string_view text);

// Throws an Error that quotes the pattern and says what is wrong where: brackets that do not match
// or are nested deeper than 16, an alternative with nothing in it.
Pattern parse_pattern(std::string_view text);

} // namespace whirlygig
