// What the parts of the cell panel share; used by the sources cell_*.cpp only.
#pragma once

#include "state.h"
#include "trace/expression.h"

#include <string>
#include <string_view>

namespace whirlygig {

constexpr int arithmetic_digits = 4; // of the numbers of a formula or a table of terms

// A number at the right end of its box in a table.
struct NumberBox {
    std::string label; // for scripts only
    std::string number;
    ImFont* font;
    ImU32 colour;
    ImVec2 low, high; // the area that takes the click
};

// Writes from top to bottom into the current window.
class PanelColumn {
public:
    PanelColumn(State& state, Ink& ink);

    State& state;
    Ink& ink;
    const Theme& theme;
    float left, width; // in pixels

    ImVec2 at() const; // where the next thing goes
    void down(float pixels);
    void gap(float units) { down(theme.units(units)); }

    void heading(std::string_view words); // above a section, after some space
    void line(ImFont* font, ImU32 colour, std::string_view words);
    void paragraph(ImFont* font, ImU32 colour, std::string_view words);

    // A link in a line of its own, cut where it is too long. `id` tells apart those that look
    // alike. The keys can choose and follow it, too.
    bool link_line(const std::string& words, const std::string& id, const std::string& tip);

    // "loss at +ε      1.2345", with the number at the right end.
    void number_line(std::string_view words, const std::string& number);

    // A number, and whether it was clicked. What can be clicked is lit up and underlined under the
    // pointer, which becomes a hand.
    bool number_in(const NumberBox& box, bool can_be_clicked);

    // Whether the user has asked to see all of something, and the button for it.
    bool shows_all(const std::string& what) const;
    void show_all_button(const std::string& what, const std::string& words);

    std::size_t links = 0; // drawn so far

private:
    void mark_link(const std::string& words, ImVec2 low, float height);
};

// What the panel is about.
struct ShownCell {
    CellRef cell;
    const Stage* stage = nullptr; // nullptr: it is a parameter
    double value = 0;
};

// The sum as a table of terms, a softmax as a table of shares, any other expression as text.
void draw_arithmetic(PanelColumn& column, const ShownCell& shown, const Expression& expression);

// The cell of a softmax among the others of its row.
void draw_shares(PanelColumn& column, const ShownCell& shown, const Expression& expression);

// Where the number comes from, who uses it.
void draw_sources(PanelColumn& column, const Expression& expression);
void draw_users(PanelColumn& column, const ShownCell& shown);

// The gradient by the number, if there is one; for a gradient the number itself.
void draw_gradient_of_cell(PanelColumn& column, const ShownCell& shown);

// The button and what it found. Of parameters only.
void draw_nudge(PanelColumn& column, const ShownCell& shown);

} // namespace whirlygig
