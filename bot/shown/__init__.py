"""What the portal's pages show, as values: bot.portal and bot.board fill them in, adapters.portal draws them."""
