"""What static catchment information buys a rainfall-runoff network (Li et al. 2022)."""
