"""The portal: reads releases, keeps what people write, and speaks HTTP."""
