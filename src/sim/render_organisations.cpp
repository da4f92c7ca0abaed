// Organisations as customers of both systems: the same facts, spelled by different people on different days.
#include <fmt/core.h>

#include "base/text.hpp"
#include "sim/draft.hpp"

namespace entente::sim {
namespace {

// Percentages of properties.
constexpr unsigned spelled_otherwise = 20;
constexpr unsigned really_different = 8;
constexpr unsigned left_out = 5;

std::string grouped(std::string_view digits, std::size_t size, std::string_view gap) {
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i != 0 && i % size == 0) out += gap;
        out += digits[i];
    }
    return out;
}

std::string write_phone(const words::Country& country, const std::string& digits, Random& random) {
    switch (random.below(4)) {
        case 0:
            return fmt::format("+{}{}", country.phone_code, digits);
        case 1:
            return fmt::format("+{} {}", country.phone_code, grouped(digits, 2, " "));
        case 2:
            return fmt::format("00{} {}", country.phone_code, grouped(digits, 3, "-"));
        default:
            return fmt::format("+{} {}", country.phone_code, grouped(digits, 4, "."));
    }
}

std::string spell_name(const std::string& name, Random& random) {
    const std::size_t gap = name.find(' ');
    switch (random.below(3)) {
        case 0:
            return text::upper(name);
        case 1:
            return name.substr(0, gap) + " " + name.substr(gap);
        default:
            return text::lower(name);
    }
}

Value customer_of_shop(const OrganisationTexts& t, Random& random) {
    Value tags = Value::list();
    if (random.chance(20)) tags.as_list().push_back(Value("wholesale"));
    return Value(Value::Object{{"name", t.name},
                               {"email", t.email},
                               {"phone", t.phone},
                               {"vat_id", t.vat},
                               {"address", Value(Value::Object{{"street", t.street},
                                                               {"zip", t.postal_code},
                                                               {"city", t.city},
                                                               {"country", t.country}})},
                               {"newsletter", random.chance(30)},
                               {"tags", tags}});
}

Value customer_of_erp(const OrganisationTexts& t, Random& random) {
    return Value(Value::Object{{"company_name", t.name},
                               {"vat_number", t.vat},
                               {"email", t.email},
                               {"telephone", t.phone},
                               {"street", t.street},
                               {"postal_code", t.postal_code},
                               {"city", t.city},
                               {"country_code", t.country},
                               {"credit_limit", Value(random.between(1, 50) * 1000)},
                               {"account_manager", Value(pick(words::people(), random))}});
}

class Renderer {
public:
    Renderer(std::uint64_t seed, Moments& moments, Population& out)
        : spelling_(seed, "organisation spelling"), moments_(moments), out_(out) {}

    void render(const Organisation& o) {
        Thing thing = thing_of("organisation", o.slot, "c-");
        if (o.slot.is_asked) thing.question = o.other ? question_of_mail : question_of_vat;
        thing.is_one = !o.other;
        // One side keeps the plain spelling; which one is left to chance.
        const bool is_shop_plain = spelling_.chance(50);
        for (const bool is_shop : {true, false}) {
            const auto& ids = is_shop ? o.slot.shop_ids : o.slot.erp_ids;
            for (std::size_t copy = 0; copy < ids.size(); ++copy) {
                const bool is_plain = is_shop == is_shop_plain && copy == 0;
                OrganisationTexts t =
                    is_plain ? plain_texts(o, spelling_) : respelled(o, spelling_);
                if (!is_plain && copy == 0) leave_out_some(t, spelling_);
                apply_quirk(o, is_shop, t);
                note_identity(o, is_shop, t, thing.identity);
                Shown shown{is_shop ? "custom-webshop" : "custom-erp",
                            "",
                            (is_shop ? thing.webshop_ids : thing.erp_ids)[copy],
                            t.vat,
                            {}};
                if (o.other) shown.mark = o.slot.is_odd_in_shop == is_shop ? "other" : "own";
                note_identity(o, is_shop, t, shown.identity);
                note_asked(thing, o.slot, std::move(shown));
                put(is_shop, ids[copy], t);
            }
        }
        out_.things.push_back(std::move(thing));
    }

private:
    void apply_quirk(const Organisation& o, bool is_shop, OrganisationTexts& t) {
        const bool is_odd = o.slot.is_odd_in_shop == is_shop;
        if (o.slot.quirk == Quirk::second_key && is_odd) t.vat = o.misspelled_vat;
        if (o.other && is_odd) {
            t.name = o.other->name;
            t.vat = o.other->vat;
            t.street = o.other->street;
            t.postal_code = o.other->postal_code;
            t.city = o.other->city;
            t.country = o.other->country->code;
            t.phone.clear();
        }
        if (o.slot.quirk == Quirk::crossed && is_shop) t.email = o.other_email;
        if (o.slot.quirk == Quirk::ambiguous && is_shop) t.vat.clear();
        // A branch and its parent are spelled alike, so that nothing tells them apart but the VAT number.
        if (o.slot.quirk == Quirk::ambiguous || o.slot.is_disputed) t.postal_code = o.postal_code;
    }

    static void note_identity(const Organisation& o, bool is_shop, const OrganisationTexts& t,
                              Identity& identity) {
        add_identity(identity, "vat_number", t.vat);
        // The address that a crossed record shows is its rival's.
        if (o.slot.quirk != Quirk::crossed || !is_shop) add_identity(identity, "email", t.email);
        add_identity(identity, "name", t.name);
    }

    void put(bool is_shop, std::int64_t id, const OrganisationTexts& t) {
        const Instant modified = moments_.next();
        auto& records = is_shop ? out_.webshop : out_.erp;
        records.push_back(
            {"customers", id, moments_.created_before(modified), modified,
             is_shop ? customer_of_shop(t, spelling_) : customer_of_erp(t, spelling_)});
    }

    Random spelling_;
    Moments& moments_;
    Population& out_;
};

}  // namespace

OrganisationTexts plain_texts(const Organisation& o, Random& random) {
    return {o.name,   o.vat,         o.email, write_phone(*o.country, o.phone, random),
            o.street, o.postal_code, o.city,  std::string(o.country->code)};
}

OrganisationTexts respelled(const Organisation& o, Random& random) {
    OrganisationTexts t = plain_texts(o, random);
    if (random.chance(spelled_otherwise)) t.name = spell_name(t.name, random);
    if (random.chance(spelled_otherwise)) t.vat = grouped(t.vat, 4, " ");
    if (random.chance(spelled_otherwise)) t.email = text::upper(t.email);
    if (random.chance(spelled_otherwise)) t.postal_code = text::without_spaces(t.postal_code);
    if (random.chance(left_out)) t.city = text::upper(t.city);
    if (random.chance(really_different)) {
        t.phone = write_phone(*o.country, change_digit(o.phone, random), random);
    }
    if (random.chance(really_different)) t.street = change_digit(t.street, random);
    return t;
}

void leave_out_some(OrganisationTexts& t, Random& random) {
    if (random.chance(left_out)) t.phone.clear();
    if (random.chance(left_out)) t.street.clear();
    if (random.chance(left_out)) t.postal_code.clear();
}

void render_organisations(std::uint64_t seed, const World& world, Moments& moments,
                          Population& out) {
    Renderer renderer(seed, moments, out);
    for (const Organisation& o : world.organisations) renderer.render(o);
}

}  // namespace entente::sim
