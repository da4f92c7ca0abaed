// $metadata: what an OData service says of itself, and what it cannot make us do.
#include "model/metadata.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "base/limits.hpp"

namespace entente::model {
namespace {

constexpr std::string_view head =
    R"(<?xml version="1.0"?><edmx:Edmx Version="4.0" xmlns:edmx="urn:edmx"><edmx:DataServices>)"
    R"(<Schema Namespace="Shop" Alias="Self">)";
constexpr std::string_view tail = "</Schema></edmx:DataServices></edmx:Edmx>";

Metadata read(std::string_view schema) {
    auto made = read_metadata(fmt::format("{}{}{}", head, schema, tail));
    EXPECT_TRUE(made) << made.error().text;
    return made.value_or(Metadata());
}

constexpr std::string_view customers = R"xml(
  <EntityType Name="Thing"><Key><PropertyRef Name="ID"/></Key>
    <Property Name="ID" Type="Edm.Guid" Nullable="false"/></EntityType>
  <EntityType Name="Customer" BaseType="Self.Thing">
    <Property Name="name" Type="Edm.String" MaxLength="80" Nullable="false"/>
    <Property Name="notes" Type="Edm.String" MaxLength="Max"/>
    <Property Name="kind" Type="Self.Kind"/>
    <Property Name="address" Type="Shop.Address"/>
    <Property Name="tags" Type="Collection(Edm.String)"/>
    <Property Name="credit" Type="Edm.Decimal" Scale="2"/>
    <NavigationProperty Name="orders" Type="Collection(Self.Order)"/></EntityType>
  <EntityType Name="Order"><Property Name="total" Type="Edm.Decimal"/></EntityType>
  <ComplexType Name="Address"><Property Name="city" Type="Edm.String"/></ComplexType>
  <EnumType Name="Kind"><Member Name="Company" Value="0"/><Member Name="Person" Value="1"/></EnumType>
  <EntityContainer Name="C"><EntitySet Name="customers" EntityType="Self.Customer"/></EntityContainer>
  <Annotations Target="Self.C/customers"><Annotation Term="Core.OptimisticConcurrency"/></Annotations>)xml";

TEST(Metadata, tells_sets_types_and_members) {
    const Metadata made = read(customers);
    EXPECT_EQ(made.version, "4.0");
    ASSERT_EQ(made.sets.size(), 1u);
    EXPECT_TRUE(made.find_set("customers")->has_version);
    const MetadataType* type = made.find_records("customers");
    ASSERT_NE(type, nullptr);
    EXPECT_EQ(made.key_of(*type), std::vector<std::string>{"ID"}) << "of the type it extends";
    EXPECT_EQ(made.properties_of(*type).front().name, "ID");
    EXPECT_EQ(made.find_property(*type, "name")->max, 80);
    EXPECT_FALSE(made.find_property(*type, "name")->nullable);
    EXPECT_EQ(made.find_property(*type, "notes")->max, std::nullopt) << "MaxLength=Max";
    EXPECT_EQ(made.find_property(*type, "credit")->digits, 2);
    EXPECT_TRUE(made.find_property(*type, "tags")->is_collection);
    EXPECT_EQ(made.find_property(*type, "kind")->type, "Shop.Kind") << "the alias is resolved";
    EXPECT_EQ(made.enumerations.at("Shop.Kind"), (std::vector<std::string>{"Company", "Person"}));
    EXPECT_EQ(made.find_property(*type, "address.city")->type, "Edm.String");
    EXPECT_FALSE(made.find_property(*type, "address.town"));
}

TEST(Metadata, finds_the_records_of_a_list_inside_others) {
    const Metadata made = read(customers);
    const MetadataType* orders = made.find_records("orders");
    ASSERT_NE(orders, nullptr);
    EXPECT_EQ(orders->properties.front().name, "total");
    EXPECT_EQ(made.find_records("invoices"), nullptr);
}

TEST(Metadata, of_version_2_names_its_version_in_the_property) {
    const Metadata made = read(
        R"(<EntityType Name="P"><Property Name="Stamp" Type="Edm.Int64" ConcurrencyMode="Fixed"/></EntityType>)"
        R"(<EntityContainer Name="C"><EntitySet Name="Ps" EntityType="Shop.P"/></EntityContainer>)");
    EXPECT_TRUE(made.find_property(*made.find_records("Ps"), "Stamp")->is_version);
}

TEST(Metadata, with_a_type_that_extends_itself_ends) {
    const Metadata made = read(
        R"(<EntityType Name="A" BaseType="Shop.A"><Property Name="x" Type="Edm.String"/>)"
        R"(</EntityType><EntityContainer><EntitySet Name="As" EntityType="Shop.A"/></EntityContainer>)");
    EXPECT_FALSE(made.properties_of(*made.find_records("As")).empty());
}

// A few hundred bytes that mean gigabytes, in the document type that they need.
TEST(Metadata, refuses_entities_that_expand_for_ever) {
    std::string bomb = "<?xml version=\"1.0\"?><!DOCTYPE e [<!ENTITY a \"aaaaaaaaaa\">";
    for (char c = 'b'; c <= 'k'; ++c) {
        bomb += fmt::format("<!ENTITY {0} \"&{1};&{1};&{1};&{1};&{1};&{1};&{1};&{1};&{1};&{1};\">",
                            c, static_cast<char>(c - 1));
    }
    const auto made = read_metadata(bomb + "]><Edmx>&k;</Edmx>");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().kind, ErrorKind::corrupt);
    EXPECT_NE(made.error().text.find("document type"), std::string::npos) << made.error().text;
}

TEST(Metadata, refuses_an_error_page_and_other_xml) {
    EXPECT_FALSE(read_metadata("<html><body>Sorry<br></body></html>"));
    EXPECT_FALSE(read_metadata("{\"error\": 1}"));
    EXPECT_FALSE(read_metadata(""));
    const auto other = read_metadata("<rss/>");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().text, "it is XML, but no EDMX");
}

std::string of_size(std::size_t bytes) {
    std::string text(head);
    int types = 0;
    const auto type = [&types] {
        return fmt::format(
            R"(<EntityType Name="T{}"><Property Name="p" Type="Edm.String"/></EntityType>)",
            types++);
    };
    while (text.size() + 100 + tail.size() < bytes) text += type();
    text.append(bytes - text.size() - tail.size(), ' ');
    return text.append(tail);
}

TEST(Metadata, of_20_megabytes_is_read_and_a_larger_one_refused) {
    const auto made = read_metadata(of_size(limits::metadata_bytes_max));
    ASSERT_TRUE(made) << made.error().text;
    EXPECT_GT(made->types.size(), 200'000u);
    EXPECT_FALSE(read_metadata(of_size(limits::metadata_bytes_max + 1)));
}

}  // namespace
}  // namespace entente::model
