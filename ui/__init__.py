"""HOW PAGES LOOK: lists, records, forms, tables, navigation, charts. Knows no department and decides no rule."""
