"""Quality of the texts and labels that are learnt."""
